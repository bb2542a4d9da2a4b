"""The Kubernetes client against a real API server, where its programs are built.

There is no kubelet and no chart: nodes, pods and their status are written by the test, as their controllers would.
What the quota controller counts and what the server refuses is the server's own.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agentic.ops.status import kube_cluster
from agentic.ops.status.cluster import NAMESPACES, NODE_POOLS, NODES, SECRETS, Api, Unreachable
from agentic.ops.status.finding import State
from agentic.ops.status.kube_cluster import KubeCluster, of_document, of_kubeconfig
from agentic.ops.status.sandbox_cluster import kubeconfig
from agentic.ops.status.status import status
from agentic.ops.status.text import as_text
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.client import Client
from agentic.rehearsal.objects import Ref
from agentic.rehearsal.tools import Tools
from components.core.aws import Place

ROOT = Path(__file__).parents[4]
Make = Callable[..., Any]
ROOM = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}


@pytest.fixture(scope="module")
def server(programs: Tools) -> Iterator[ApiServer]:
    """A server of this module's own."""
    with ApiServer(programs) as running:
        _fill(running)
        yield running


@pytest.fixture(scope="module")
def cluster(server: ApiServer) -> KubeCluster:
    return of_document(
        kubeconfig(server.url, server.token, server.authority), "sandbox", title="a real server"
    )


def _fill(server: ApiServer) -> None:
    """What a stack in trouble looks like."""
    for name in ("keda", "tenant-a"):
        server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    server.create(_definition("karpenter.sh", "v1", "NodePool", "nodepools", "Cluster"))
    server.create(_definition("external-secrets.io", "v1", "ExternalSecret", "externalsecrets", "Namespaced"))
    server.objects.kinds.refresh()
    hard = {"pods": "2", "requests.cpu": "1"}
    place = {"name": "quota", "namespace": "tenant-a"}
    server.create({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": place, "spec": {"hard": hard}})
    _with_status(
        server,
        "v1",
        "Node",
        "nodes",
        "",
        "ip-1",
        {
            "conditions": [
                {"type": "Ready", "status": "False", "reason": "KubeletNotReady", "message": "no network"}
            ]
        },
    )
    _with_status(
        server,
        "karpenter.sh/v1",
        "NodePool",
        "nodepools",
        "",
        "cpu",
        {"conditions": [{"type": "Ready", "status": "True"}], "resources": {"cpu": "9"}},
        spec={"limits": {"cpu": "10"}},
    )
    _with_status(
        server,
        "external-secrets.io/v1",
        "ExternalSecret",
        "externalsecrets",
        "keda",
        "token",
        {
            "conditions": [
                {"type": "Ready", "status": "False", "reason": "SecretSyncedError", "message": "AccessDenied"}
            ]
        },
        spec={},
    )
    template = {
        "metadata": {"labels": {"app": "operator"}},
        "spec": {"containers": [{"name": "main", "image": "registry.example.org/x:v1", "resources": ROOM}]},
    }
    _with_status(
        server,
        "apps/v1",
        "Deployment",
        "deployments",
        "keda",
        "keda-operator",
        {"observedGeneration": 1, "replicas": 2, "readyReplicas": 1, "updatedReplicas": 2},
        spec={"replicas": 2, "selector": {"matchLabels": {"app": "operator"}}, "template": template},
    )
    waiting = {
        "name": "main",
        "ready": False,
        "restartCount": 3,
        "image": "x",
        "imageID": "",
        "state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}},
    }
    _until(lambda: server.objects.get(Ref("v1", "ServiceAccount", "keda", "default")) is not None)
    _with_status(
        server,
        "v1",
        "Pod",
        "pods",
        "keda",
        "keda-operator-1",
        {"phase": "Pending", "containerStatuses": [waiting]},
        spec=template["spec"],
        labels={"app": "operator"},
    )
    _until(lambda: server.objects.get(Ref("v1", "ServiceAccount", "tenant-a", "default")) is not None)
    _until(lambda: "used" in server.objects.get(Ref("v1", "ResourceQuota", "tenant-a", "quota"))["status"])
    for index in range(2):
        _with_status(
            server,
            "v1",
            "Pod",
            "pods",
            "tenant-a",
            f"model-{index}",
            {
                "phase": "Pending",
                "conditions": [
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "0/1 nodes",
                    }
                ],
            },
            spec=template["spec"],
        )


def _definition(group: str, version: str, kind: str, plural: str, scope: str) -> dict[str, Any]:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


def _with_status(
    server: ApiServer,
    api_version: str,
    kind: str,
    plural: str,
    namespace: str,
    name: str,
    status: dict[str, Any],
    *,
    spec: Any = None,
    labels: Any = None,
) -> None:
    """An object whose controller has written its status."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), "labels": labels or {}}
    manifest = {"apiVersion": api_version, "kind": kind, "metadata": metadata}
    if spec is not None:
        manifest["spec"] = spec
    _until(lambda: server.objects.kinds.find(api_version, kind) is not None or server.objects.kinds.refresh())
    server.create(manifest)
    root = "/api" if api_version == "v1" else "/apis"
    place = f"/namespaces/{namespace}" if namespace else ""
    client = Client(server.url, server.token, server.authority)
    path = f"{root}/{api_version}{place}/{plural}/{name}/status"
    client.request("PATCH", path, {"status": status}, content_type="application/merge-patch+json")
    client.close()


def _until(reached: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline, "the server did not come to it"
        time.sleep(0.05)


def test_a_stack_in_trouble_is_read_from_a_real_server(
    server: ApiServer, cluster: KubeCluster, expect: Make, helm_secret: Make
) -> None:
    for revision, version in ((1, "2.19.0"), (2, "2.20.1")):
        server.create(helm_secret("keda", "keda", version, revision=revision))
    _until(
        lambda: (
            server.objects.get(Ref("v1", "ResourceQuota", "tenant-a", "quota"))["status"]["used"]["pods"]
            == "2"
        )
    )

    class NoAws:
        def ask(self, method: str, **_: Any) -> None:
            return None

    wanted = expect(addons=(), node_groups=0)
    # Ten minutes on: pods that wait for a node have waited long enough.
    found = status(wanted, lambda: cluster, NoAws(), datetime.now(UTC) + timedelta(minutes=10))
    said = {(one.area, one.what): one.said for one in found.findings}
    assert said == {
        ("EKS", "cluster ai-dev"): "is not there in eu-west-1",
        ("workloads", "Deployment keda/keda-operator"): "1 of 2 ready; main: ImagePullBackOff: not found",
        ("nodes", "ip-1"): "not ready: KubeletNotReady: no network",
        ("pending pods", "keda/keda-operator-1"): "main: ImagePullBackOff: not found",
        ("pending pods", "tenant-a/model-0 and 1 more"): "Unschedulable: 0/1 nodes",
        ("objects", "ExternalSecret keda/token"): "SecretSyncedError: AccessDenied",
    }
    by_area = {section.area: section for section in found.sections}
    assert by_area["releases"].line == "1 of 1 as planned"
    assert by_area["nodes"].details == ("cpu: 0 nodes; cpu 9 of 10 (!)", "no pool: 1 nodes")
    assert by_area["quotas"].details == ("tenant-a: pods 2 of 2, 100% FULL, requests.cpu 1 of 1, 100% FULL",)
    assert by_area["tenants"].details == (
        "tenant-a: 0 of 0 workloads ready, 2 pods pending, pods 2 of 2, 100% FULL",
    )
    assert (found.state, found.exit_code) == (State.DEGRADED, 1)
    text = as_text(found)
    assert text.startswith("dev (ai-dev, eu-west-1): degraded: 6 problems\nread through a real server\n")
    assert "no report may show" not in text


def test_every_page_of_a_list_is_read(cluster: KubeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [one["metadata"]["name"] for one in cluster.list(NAMESPACES).items]
    assert {"keda", "tenant-a", "kube-system"} <= set(whole)
    monkeypatch.setattr(kube_cluster, "PAGE", 1)
    assert [one["metadata"]["name"] for one in cluster.list(NAMESPACES).items] == whole


def test_selectors_are_the_servers_business(cluster: KubeCluster) -> None:
    assert cluster.list(SECRETS, labels="owner=nobody").items == ()
    assert cluster.list(NODES, fields="metadata.name=ip-1").items != ()


def test_a_kind_that_is_not_served_has_no_objects(cluster: KubeCluster) -> None:
    found = cluster.list(Api("velero.io/v1", "backups", "Backup"))
    assert (found.served, found.items, found.missing) == (False, (), None)
    assert cluster.list(NODE_POOLS).served


def test_what_a_role_may_not_read_is_unknown_in_the_servers_words(server: ApiServer) -> None:
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "viewer", "namespace": "keda"},
    }
    server.create(account)
    client = Client(server.url, server.token, server.authority)
    path = "/api/v1/namespaces/keda/serviceaccounts/viewer/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = client.request("POST", path, request).body["status"]["token"]
    client.close()
    viewer = of_document(kubeconfig(server.url, token, server.authority), "sandbox", title="viewer")
    assert viewer.version().startswith("v1.")
    found = viewer.releases()
    assert found.missing is State.UNKNOWN
    assert 'User "system:serviceaccount:keda:viewer" cannot list resource "secrets"' in found.why


def test_a_token_that_nobody_knows_is_said(server: ApiServer) -> None:
    stranger = of_document(kubeconfig(server.url, "wrong", server.authority), "sandbox", title="stranger")
    with pytest.raises(Unreachable) as refused:
        stranger.version()
    assert "does not know who asks (401)" in str(refused.value)
    assert "access entry" in str(refused.value)


@pytest.fixture(scope="module")
def authority() -> str:
    """A certificate that no server here has."""
    import ssl

    paths = ssl.get_default_verify_paths()
    certificates = Path(paths.cafile or "/etc/ssl/certs/ca-certificates.crt").read_text()
    return certificates[: certificates.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"


def test_a_closed_port_is_unreachable(authority: str) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gone = of_document(kubeconfig(f"https://127.0.0.1:{port}", "t", authority), "sandbox", title="gone")
    with pytest.raises(Unreachable) as refused:
        gone.version()
    assert f"the API server at https://127.0.0.1:{port} does not answer" in str(refused.value)
    assert "connect to its network (VPN" in str(refused.value)


def test_a_server_that_stays_silent_is_not_waited_for_long(
    authority: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kube_cluster, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(kube_cluster, "READ_SECONDS", 0.3)
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(Unreachable, match="does not answer"):
            of_document(kubeconfig(url, "t", authority), "sandbox", title="silent").version()
        assert time.monotonic() - begun < 25, "less than the time for a read"


def test_credentials_that_cannot_be_had_say_why(authority: str) -> None:
    document = kubeconfig("https://127.0.0.1:1", "t", authority)
    document["users"][0]["user"] = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "sh",
            "args": ["-c", "echo 'Token has expired and refresh failed' >&2; exit 255"],
            "interactiveMode": "Never",
        }
    }
    with pytest.raises(Unreachable) as refused:
        of_document(document, "sandbox", title="expired")
    assert "the credentials of context 'sandbox' could not be had" in str(refused.value)
    assert "aws sso login" in str(refused.value)


def test_no_answer_from_the_cluster_leaves_the_side_of_aws_standing(expect: Make) -> None:
    def unreachable() -> KubeCluster:
        raise Unreachable("the API server at https://x does not answer", remedy="connect to its network")

    class Aws:
        def ask(self, method: str, **_: Any) -> Any:
            return {
                "describe_cluster": {"cluster": {"name": "ai-dev", "status": "ACTIVE", "version": "1.35"}},
                "list_nodegroups": {"nodegroups": []},
            }[method]

    found = status(expect(addons=(), node_groups=0), unreachable, Aws(), datetime.now(UTC))
    assert (found.state, found.exit_code) == (State.UNKNOWN, 2)
    assert [section.line for section in found.sections] == [
        "ai-dev ACTIVE, Kubernetes 1.35",
        "cannot be read",
    ]
    assert {one.state for one in found.components} == {State.UNKNOWN}
    text = as_text(found)
    assert "cannot tell: 1 unknown" in text
    assert "connect to its network" in text
    broken = replace(expect(addons=(), node_groups=1))
    assert status(broken, unreachable, Aws(), datetime.now(UTC)).exit_code == 1


def test_the_operators_kubeconfig_is_read_with_files_beside_it(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(
        account_id="111122223333",
        partition="aws",
        region="us-east-1",
        zones=("us-east-1a",),
        environment="dev",
        cluster_name="ai-dev",
    )
    arn = "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"
    document = kubeconfig(server.url, server.token, server.authority)
    document["clusters"] = [
        {"name": arn, "cluster": {"server": server.url, "certificate-authority": "ca.crt"}}
    ]
    document["contexts"] = [{"name": "mine", "context": {"cluster": arn, "user": "sandbox"}}]
    document["current-context"] = "another"
    (tmp_path / "ca.crt").write_text(server.authority)
    (tmp_path / "config").write_text(json.dumps(document))
    first = tmp_path / "first"
    first.write_text(json.dumps({"apiVersion": "v1", "kind": "Config"}))
    location = f"{first}{os.pathsep}{tmp_path / 'config'}"
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", location)
    found = of_kubeconfig(place, None)
    assert found.title == "context mine"
    assert found.version().startswith("v1.")
