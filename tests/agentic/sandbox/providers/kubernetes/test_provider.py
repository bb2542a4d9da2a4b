"""Proves (our store): the embedded store refuses what a Kubernetes server refuses, with the server's words."""

from __future__ import annotations

import pytest

from agentic.sandbox.providers.changes import Change, Kind
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.rules import unvalidated_kinds
from agentic.sandbox.providers.wire import UNKNOWN
from tests.agentic.sandbox.providers.kubernetes.conftest import Kubernetes, kubeconfig

NAMESPACE = "kubernetes:core/v1:Namespace"
CONFIG = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
RELEASE = "kubernetes:helm.sh/v3:Release"
WIDGET = "kubernetes:example.org/v1:Widget"
SPACED = {"name": "a", "namespace": "default"}


def test_an_unknown_field_is_refused_with_its_path(kubernetes: Kubernetes) -> None:
    pod = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "imagee": "x"}]}}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": pod, "replica": 2}
    _, faults = kubernetes.check(DEPLOYMENT, metadata=SPACED, spec=spec)
    assert faults == [
        ("spec.replica", 'unknown field "spec.replica"'),
        (
            "spec.template.spec.containers[0].imagee",
            'unknown field "spec.template.spec.containers[0].imagee"',
        ),
    ]


def test_an_unknown_field_of_the_metadata_is_refused(kubernetes: Kubernetes) -> None:
    _, faults = kubernetes.check(CONFIG, metadata={**SPACED, "label": {}})
    assert faults == [("metadata.label", 'unknown field "metadata.label"')]


def test_a_value_of_another_type_is_refused_and_an_unknown_value_is_not(kubernetes: Kubernetes) -> None:
    _, faults = kubernetes.check(CONFIG, metadata=SPACED, data={"a": 1, "b": UNKNOWN})
    assert [path for path, _ in faults] == ["data.a"]
    assert "is not of type" in faults[0][1]


def test_a_refused_secret_does_not_show_its_values(kubernetes: Kubernetes) -> None:
    _, faults = kubernetes.check(SECRET, metadata=SPACED, stringData={"password": ["swordfish"]})
    assert [path for path, _ in faults] == ["stringData.password"]
    assert "swordfish" not in str(faults)


def test_a_missing_field_that_is_required_is_named(kubernetes: Kubernetes) -> None:
    _, faults = kubernetes.check(DEPLOYMENT, metadata=SPACED, spec={"selector": {}})
    assert faults == [("spec", "'template' is a required property")]


def test_an_object_in_a_namespace_that_nobody_made_is_refused(kubernetes: Kubernetes) -> None:
    message = r'^NotFound: namespaces "nowhere" not found, for v1 ConfigMap nowhere/a$'
    with pytest.raises(ResourceError, match=message):
        kubernetes.apply(CONFIG, metadata={"name": "a", "namespace": "nowhere"})


def test_an_object_without_a_namespace_goes_to_the_default_one_and_a_cluster_wide_kind_to_none(
    kubernetes: Kubernetes,
) -> None:
    assert kubernetes.apply(CONFIG, metadata={"name": "a"}) == "default/a"
    role = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
    assert kubernetes.apply(role, metadata={"name": "a"}) == "a"


def test_an_object_without_a_name_gets_one_and_keeps_it(kubernetes: Kubernetes) -> None:
    inputs, _ = kubernetes.check(CONFIG)
    assert inputs["metadata"]["name"] == "thing-73656564"
    assert kubernetes.check(CONFIG, olds={"metadata": {"name": "old"}})[0]["metadata"]["name"] == "old"


def test_a_second_object_at_one_address_is_refused(kubernetes: Kubernetes) -> None:
    kubernetes.apply(CONFIG, metadata=SPACED)
    with pytest.raises(ResourceError, match=r"^AlreadyExists: v1 ConfigMap default/a already exists$"):
        kubernetes.apply(CONFIG, metadata=SPACED)


def test_an_interrupted_creation_finds_its_own_object_and_nobody_elses(kubernetes: Kubernetes) -> None:
    kubernetes.apply(CONFIG, metadata=SPACED)
    inputs, _ = kubernetes.check(CONFIG, metadata=SPACED)
    kind = kubernetes.provider.kind(CONFIG)
    assert kind.find(kubernetes.named(CONFIG), inputs) == ["default/a"]
    assert kind.find(kubernetes.named(CONFIG, "another"), inputs) == []


def test_what_was_applied_is_read_back_unchanged(kubernetes: Kubernetes) -> None:
    identity = kubernetes.apply(CONFIG, metadata=SPACED, data={"b": "1", "a": "2"})
    found = kubernetes.see(CONFIG, identity)
    assert found is not None
    assert found.inputs == kubernetes.check(CONFIG, metadata=SPACED, data={"b": "1", "a": "2"})[0]


def test_an_update_puts_the_new_object_in_place_and_one_of_an_absent_object_is_refused(
    kubernetes: Kubernetes,
) -> None:
    identity = kubernetes.apply(CONFIG, metadata=SPACED, data={"a": "1"})
    kind, named = kubernetes.provider.kind(CONFIG), kubernetes.named(CONFIG)
    after, _ = kubernetes.check(CONFIG, metadata=SPACED, data={"a": "2"})
    kind.update(named, identity, {}, after)
    found = kubernetes.see(CONFIG, identity)
    assert found is not None
    assert found.inputs["data"] == {"a": "2"}
    kind.delete(identity, {})
    kind.delete(identity, {})
    with pytest.raises(ResourceError, match=r"^NotFound: v1 ConfigMap default/a not found$"):
        kind.update(named, identity, {}, after)


CHANGES = [
    (DEPLOYMENT, ("spec", "selector", "matchLabels", "a"), True),
    (DEPLOYMENT, ("spec", "replicas"), False),
    (NAMESPACE, ("metadata", "name"), True),
    (NAMESPACE, ("metadata", "labels", "a"), False),
    ("kubernetes:storage.k8s.io/v1:StorageClass", ("parameters", "type"), True),
    ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", ("roleRef", "name"), True),
    (POOL, ("spec", "limits"), False),
    (CONFIG, ("data", "a"), True),
    (RELEASE, ("name",), True),
    (RELEASE, ("values", "replicas"), False),
]


@pytest.mark.parametrize(("token", "path", "replaced"), CHANGES)
def test_a_change_of_an_immutable_field_replaces_the_object(
    kubernetes: Kubernetes, token: str, path: tuple[str, ...], replaced: bool
) -> None:
    assert kubernetes.provider.kind(token).replaces(Change(path, Kind.UPDATE)) is replaced


def test_config_maps_change_in_place_where_the_provider_says_so_and_secrets_by_their_own_switch(
    kubernetes: Kubernetes,
) -> None:
    kubernetes.configure(kubeconfig=kubeconfig("here"), enableConfigMapMutable="true")
    change = Change(("data", "a"), Kind.UPDATE)
    assert not kubernetes.provider.kind(CONFIG).replaces(change)
    assert kubernetes.provider.kind(SECRET).replaces(change)


def test_an_object_replaced_at_its_address_goes_first(kubernetes: Kubernetes) -> None:
    kind = kubernetes.provider.kind(CONFIG)
    assert kind.same_place({"metadata": SPACED}, {"metadata": SPACED})
    assert not kind.same_place({"metadata": SPACED}, {"metadata": {**SPACED, "name": "b"}})


def test_a_namespace_takes_its_content_along_and_says_so(
    kubernetes: Kubernetes, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("going", "staying"):
        kubernetes.namespace(name)
        kubernetes.apply(CONFIG, metadata={"name": "a", "namespace": name})
    kubernetes.apply(RELEASE, name="b", namespace="going", chart="metrics-server")
    kubernetes.provider.kind(NAMESPACE).delete("going", {})
    assert kubernetes.see(NAMESPACE, "going") is None
    assert kubernetes.see(CONFIG, "going/a") is None
    assert kubernetes.see(CONFIG, "staying/a") is not None
    assert capsys.readouterr().err == "namespace going took 2 objects along: ConfigMap a, Release b\n"


def test_a_custom_resource_before_its_definition_is_refused_naming_the_chart(kubernetes: Kubernetes) -> None:
    message = (
        r'^NoMatch: no matches for kind "NodePool" in version "karpenter\.sh/v1";'
        r" it comes with karpenter, karpenter-crd$"
    )
    with pytest.raises(ResourceError, match=message):
        kubernetes.apply(POOL, metadata={"name": "gpu"})


def test_a_custom_resource_after_its_chart_is_accepted(kubernetes: Kubernetes) -> None:
    kubernetes.apply(RELEASE, name="crds", namespace="kube-system", chart="oci://x/karpenter-crd")
    assert kubernetes.apply(POOL, metadata={"name": "gpu"}) == "gpu"


@pytest.mark.parametrize(
    ("chart", "values", "token"),
    [
        ("cert-manager", {}, "kubernetes:cert-manager.io/v1:Issuer"),
        ("cert-manager", {"crds": {"enabled": False}}, "kubernetes:cert-manager.io/v1:Issuer"),
        ("external-secrets", {"installCRDs": False}, "kubernetes:external-secrets.io/v1:ExternalSecret"),
    ],
)
def test_a_chart_told_to_bring_no_definitions_brings_none(
    kubernetes: Kubernetes, chart: str, values: dict[str, object], token: str
) -> None:
    kubernetes.apply(RELEASE, name="x", namespace="kube-system", chart=chart, values=values)
    with pytest.raises(ResourceError, match=rf"^NoMatch: .*; it comes with {chart}$"):
        kubernetes.apply(token, metadata=SPACED)


def test_a_chart_whose_definitions_are_skipped_brings_none(kubernetes: Kubernetes) -> None:
    kubernetes.apply(RELEASE, name="x", namespace="kube-system", chart="karpenter", skipCrds=True)
    with pytest.raises(ResourceError, match=r"^NoMatch: "):
        kubernetes.apply(POOL, metadata={"name": "gpu"})


def test_an_addon_and_auto_mode_bring_definitions_too(kubernetes: Kubernetes) -> None:
    snapshots = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"
    with pytest.raises(ResourceError, match=r'^NoMatch: no matches for kind "VolumeSnapshotClass" in'):
        kubernetes.apply(snapshots, metadata={"name": "a"})
    kubernetes.aws.addons.append("snapshot-controller")
    kubernetes.apply(snapshots, metadata={"name": "a"})
    kubernetes.aws.cluster["computeConfig"] = {"enabled": True}
    kubernetes.configure(kubeconfig=kubeconfig("here"))
    kubernetes.apply(POOL, metadata={"name": "gpu"})


def test_a_kind_without_a_schema_is_let_through_and_counted(kubernetes: Kubernetes) -> None:
    for name in "ab":
        kubernetes.apply(WIDGET, metadata={"name": name}, spec={"anything": True})
    kubernetes.apply(CONFIG, metadata=SPACED)
    assert unvalidated_kinds(kubernetes.database) == {"example.org/v1 Widget": 2}


def test_a_patch_may_be_incomplete_and_must_name_its_object(kubernetes: Kubernetes) -> None:
    token = "kubernetes:apps/v1:DaemonSetPatch"
    _, faults = kubernetes.check(token, metadata={"name": "aws-node"}, spec={"minReadySeconds": 1})
    assert faults == []
    _, faults = kubernetes.check(token, spec={"minReadySeconds": 1})
    assert faults == [("metadata.name", "a patch names the object it is for")]
    _, faults = kubernetes.check(token, metadata={"name": "aws-node"}, spec={"minReady": 1})
    assert faults == [("spec.minReady", 'unknown field "spec.minReady"')]


def test_a_cluster_that_aws_does_not_have_is_unreachable(kubernetes: Kubernetes) -> None:
    kubernetes.configure(kubeconfig=kubeconfig("gone"))
    message = (
        r"^Unreachable: configured Kubernetes cluster is unreachable:"
        r" AWS has no EKS cluster 'gone' in us-east-1$"
    )
    with pytest.raises(ResourceError, match=message):
        kubernetes.namespace("a")
    with pytest.raises(ResourceError, match=message):
        kubernetes.provider.kind(NAMESPACE).delete("a", {})


def test_what_was_in_a_cluster_that_is_gone_is_forgotten_where_the_provider_says_so(
    kubernetes: Kubernetes,
) -> None:
    kubernetes.configure(kubeconfig=kubeconfig("gone"), deleteUnreachable="true")
    kubernetes.provider.kind(NAMESPACE).delete("a", {})


def test_a_provider_without_a_kubeconfig_reaches_nothing(kubernetes: Kubernetes) -> None:
    kubernetes.configure(kubeconfig=UNKNOWN)
    with pytest.raises(ResourceError, match=r"is unreachable: the provider has no kubeconfig$"):
        kubernetes.namespace("a")


@pytest.mark.parametrize("text", ["", "[", "{}", '{"clusters": [], "users": []}'])
def test_a_kubeconfig_that_cannot_be_read_is_refused(kubernetes: Kubernetes, text: str) -> None:
    message = (
        r"^InvalidKubeconfig: the kubeconfig needs a cluster with a server and a user with exec"
        r" `aws eks get-token`$"
    )
    with pytest.raises(ResourceError, match=message):
        kubernetes.configure(kubeconfig=text)


def test_a_new_way_to_the_same_server_moves_nothing_and_another_server_moves_all(
    kubernetes: Kubernetes,
) -> None:
    change, olds = Change(("kubeconfig",), Kind.UPDATE), {"kubeconfig": kubeconfig("here")}
    moves = kubernetes.provider.config_replaces
    assert not moves(change, olds, {"kubeconfig": kubeconfig("renamed")})
    assert moves(change, olds, {"kubeconfig": kubeconfig("here", "https://two")})


@pytest.mark.parametrize("token", ["kubernetes:helm.sh/v4:Chart", "kubernetes:core/v1:ConfigMapList"])
def test_what_the_sandbox_cannot_stand_for_is_refused_by_name(kubernetes: Kubernetes, token: str) -> None:
    with pytest.raises(ResourceError, match=rf"^UnknownType: the sandbox does not know {token}$"):
        kubernetes.provider.kind(token)
