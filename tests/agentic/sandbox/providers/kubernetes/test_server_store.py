"""Proves (API server): the kubernetes provider over a real server, in whose words it refuses."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.objects import Ref
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.managers import manager_of
from tests.agentic.rehearsal.conftest import server
from tests.agentic.sandbox.providers.kubernetes.conftest import Kubernetes, kubeconfig

__all__ = ["server"]

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

NAMESPACE = "kubernetes:core/v1:Namespace"
CONFIG = "kubernetes:core/v1:ConfigMap"
PATCH = "kubernetes:core/v1:ConfigMapPatch"
SECRET = "kubernetes:core/v1:Secret"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
QUOTA = "kubernetes:core/v1:ResourceQuota"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
RELEASE = "kubernetes:helm.sh/v3:Release"
WIDGET = "kubernetes:widgets.sandbox.example/v1:Widget"

_NUMBERS = count()


@pytest.fixture
def crds(tmp_path: Path) -> Path:
    """Definitions of one kind with a rule."""
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}},
        "x-kubernetes-validations": [{"rule": "self.spec.size < 10", "message": "too large a widget"}],
    }
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.widgets.sandbox.example"},
        "spec": {
            "group": "widgets.sandbox.example",
            "scope": "Cluster",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    }
    directory = tmp_path / "definitions"
    directory.mkdir()
    (directory / "widget.yaml").write_text(
        json.dumps(definition, indent=2).replace('"kind": "Widget"', '"kind":\n "Widget"')
    )
    return directory


@pytest.fixture
def real(server: ApiServer, database: Database, tmp_path: Path, crds: Path) -> Kubernetes:
    """A provider over the real server, in whose place no other test has anything."""
    record = tmp_path / "server.json"
    facts = {"pid": 1, "born": "-", "version": server.version}
    record.write_text(
        json.dumps({**facts, "url": server.url, "token": server.token, "authority": server.authority})
    )
    return Kubernetes(database, crds, record)


@pytest.fixture
def space(real: Kubernetes) -> str:
    """A namespace of one test, left to the end of the server: a namespace takes 5 s to go."""
    return real.namespace(f"store-{next(_NUMBERS)}")


def _deployment(space: str, **container: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": "a", "image": "registry.example/a:1", **container}]}
    labels = {"app": "a"}
    return {
        "metadata": {"name": "a", "namespace": space},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def test_what_was_applied_is_read_back_as_it_was_asked_for(
    real: Kubernetes, space: str, server: ApiServer
) -> None:
    body = _deployment(space, resources={"requests": {"cpu": "1000m", "memory": "1024Mi"}}, env=[])
    inputs, _ = real.check(DEPLOYMENT, **body)
    identity = real.apply(DEPLOYMENT, **body)
    seen = real.provider.kind(DEPLOYMENT).read(identity, inputs)
    assert seen is not None
    assert seen.inputs == inputs
    live = server.objects.get(Ref("apps/v1", "Deployment", space, "a"))
    assert live["spec"]["template"]["spec"]["restartPolicy"] == "Always", "the server has added its defaults"


def test_what_somebody_changed_is_seen_and_an_update_of_it_says_who(
    real: Kubernetes, space: str, server: ApiServer
) -> None:
    body = _deployment(space)
    inputs, _ = real.check(DEPLOYMENT, **body)
    identity = real.apply(DEPLOYMENT, **body)
    changed = {"apiVersion": "apps/v1", "kind": "Deployment", **_deployment(space)}
    changed["spec"]["replicas"] = 7
    server.objects.apply(changed, manager="somebody", force=True)
    kind = real.provider.kind(DEPLOYMENT)
    seen = kind.read(identity, inputs)
    assert seen is not None
    assert seen.inputs["spec"]["replicas"] == 7
    with pytest.raises(ResourceError, match=r'^Conflict: .*conflict with "somebody".*\.spec\.replicas'):
        kind.update(real.named(DEPLOYMENT), identity, seen.inputs, inputs)


def test_an_update_takes_back_what_is_no_longer_said(real: Kubernetes, space: str, server: ApiServer) -> None:
    identity = real.apply(CONFIG, metadata={"name": "a", "namespace": space}, data={"a": "1", "b": "2"})
    inputs, _ = real.check(CONFIG, metadata={"name": "a", "namespace": space}, data={"a": "3"})
    real.provider.kind(CONFIG).update(real.named(CONFIG), identity, {}, inputs)
    assert server.objects.get(Ref("v1", "ConfigMap", space, "a"))["data"] == {"a": "3"}


def test_an_object_of_another_resource_is_not_taken_over_and_one_of_kubernetes_is(
    real: Kubernetes, space: str, server: ApiServer
) -> None:
    inputs, _ = real.check(CONFIG, metadata={"name": "a", "namespace": space})
    kind = real.provider.kind(CONFIG)
    kind.create(real.named(CONFIG, "one"), inputs)
    with pytest.raises(ResourceError, match=rf"^AlreadyExists: v1 ConfigMap {space}/a already exists$"):
        kind.create(real.named(CONFIG, "other"), inputs)
    assert kind.find(real.named(CONFIG, "one"), inputs) == [f"{space}/a"]
    assert kind.find(real.named(CONFIG, "other"), inputs) == []
    server.objects.apply(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "made", "namespace": space}}
    )
    assert real.apply(ACCOUNT, metadata={"name": "made", "namespace": space}) == f"{space}/made"


def test_quota_pod_security_and_rules_of_definitions_are_in_force(real: Kubernetes, space: str) -> None:
    real.apply(QUOTA, metadata={"name": "q", "namespace": space}, spec={"hard": {"count/configmaps": "0"}})
    kind = real.provider.kind(CONFIG)
    inputs, _ = real.check(CONFIG, metadata={"name": "over", "namespace": space})

    def refused() -> str:
        # Until the controller has counted, every object is refused for that.
        for _ in range(200):
            with pytest.raises(ResourceError) as words:
                kind.create(real.named(CONFIG), inputs)
            if "exceeded quota" in str(words.value):
                break
        return str(words.value)

    assert refused().startswith('Forbidden: configmaps "over" is forbidden: exceeded quota: q')
    with pytest.raises(ResourceError, match=r"^Invalid: .*too large a widget"):
        real.apply(WIDGET, metadata={"name": "w"}, spec={"size": 11})


def test_a_namespace_ends_with_all_that_is_in_it(real: Kubernetes, server: ApiServer) -> None:
    real.namespace("store-ends")
    real.apply(CONFIG, metadata={"name": "a", "namespace": "store-ends"})
    storage = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim = real.apply(CLAIM, metadata={"name": "c", "namespace": "store-ends"}, spec=storage)
    real.provider.kind(CLAIM).delete(claim, {})
    assert server.objects.get(Ref("v1", "PersistentVolumeClaim", "store-ends", "c")) is None
    real.provider.kind(NAMESPACE).delete("store-ends", {})
    assert server.objects.get(Ref("v1", "Namespace", "", "store-ends")) is None
    assert server.objects.get(Ref("v1", "ConfigMap", "store-ends", "a")) is None


def test_a_job_goes_though_nobody_collects_its_pods(real: Kubernetes, space: str, server: ApiServer) -> None:
    pod = {"restartPolicy": "Never", "containers": [{"name": "a", "image": "registry.example/a:1"}]}
    token = "kubernetes:batch/v1:Job"
    job = real.apply(token, metadata={"name": "j", "namespace": space}, spec={"template": {"spec": pod}})
    real.provider.kind(token).delete(job, {})
    assert server.objects.get(Ref("batch/v1", "Job", space, "j")) is None


def test_a_change_is_judged_at_preview_and_not_made(real: Kubernetes, space: str, server: ApiServer) -> None:
    real.apply(WIDGET, metadata={"name": "w"}, spec={"size": 1})
    inputs, _ = real.check(WIDGET, metadata={"name": "w"}, spec={"size": 12})
    kind = real.provider.kind(WIDGET)
    with pytest.raises(ResourceError, match="too large a widget"):
        kind.preview(inputs, {})
    inputs["spec"]["size"] = 2
    kind.preview(inputs, {})
    seen = real.see(WIDGET, "w")
    assert seen is not None
    assert seen.inputs["spec"] == {"size": 1}
    kind.delete("w", {})


def test_what_no_server_can_stand_for_is_kept_in_the_store(
    real: Kubernetes, space: str, server: ApiServer
) -> None:
    real.apply(RELEASE, chart="oci://registry.example/a", name="a", namespace=space, version="1")
    thing = "kubernetes:example.org/v1:Thing"
    real.apply(thing, metadata={"name": "t"})
    real.apply(PATCH, metadata={"name": "aws-auth", "namespace": "kube-system"}, data={"a": "b"})
    rows = real.database.connection.execute("SELECT kind, name FROM object ORDER BY kind").fetchall()
    assert rows == [("ConfigMapPatch", "aws-auth"), ("Release", "a"), ("Thing", "t")]
    assert real.see(RELEASE, f"{space}/a") is not None
    real.provider.kind(thing).delete("t", {})
    assert real.see(thing, "t") is None


def test_a_patch_sets_its_fields_and_gives_them_back(real: Kubernetes, space: str, server: ApiServer) -> None:
    ref = Ref("v1", "ConfigMap", space, "patched")
    made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "patched", "namespace": space}}
    server.objects.apply({**made, "data": {"a": "theirs"}}, manager="addon")
    identity = real.apply(PATCH, metadata=made["metadata"], data={"b": "ours"})
    assert server.objects.get(ref)["data"] == {"a": "theirs", "b": "ours"}
    real.provider.kind(PATCH).delete(identity, {})
    assert server.objects.get(ref)["data"] == {"a": "theirs"}


def test_every_object_shows_which_resource_made_it(real: Kubernetes, space: str, server: ApiServer) -> None:
    (entry,) = (
        one
        for one in server.objects.get(Ref("v1", "Namespace", "", space))["metadata"]["managedFields"]
        if one["operation"] == "Apply"
    )
    assert entry["manager"] == manager_of(real.named(NAMESPACE).urn)


def test_one_server_stands_for_one_cluster(real: Kubernetes, space: str) -> None:
    real.aws.names.add("there")
    real.configure(kubeconfig=kubeconfig("there", "https://two"))
    message = "stands for cluster 'here' and cannot be 'there' too: rehearse more than one cluster without"
    with pytest.raises(ResourceError, match=message):
        real.apply(CONFIG, metadata={"name": "a", "namespace": space})
    real.configure(kubeconfig=kubeconfig("here"))


def test_a_server_that_is_gone_is_unreachable(real: Kubernetes, tmp_path: Path) -> None:
    (tmp_path / "server.json").unlink()
    with pytest.raises(ResourceError, match=r"^Unreachable: no API server is recorded in .*server\.json$"):
        real.see(CONFIG, "default/a")
