"""A workload is tried by its pods: as many as it would have, with what they need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agentic.rehearsal.pods import WORKLOADS, of_class, of_workload
from components.charts.images import Image
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Port, Workload

TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {"app": "x"}},
    "spec": {"containers": [{"name": "main", "image": "registry.example/x:1"}]},
}
CLASS = PodClass(
    release="relay",
    namespace="ai-gateway",
    kind=Workload.DEPLOYMENT,
    name="relay",
    labels={"app": "relay"},
    ports=(Port("http", 4000), Port("dns", 53, "UDP")),
    pod_security=PodSecurity.RESTRICTED,
    service_account="relay",
    replicas=2,
    containers=tuple(
        Container(
            name=name,
            image=Image(repository="registry.example/relay", tag="1", digest="sha256:" + "0" * 64),
            resources=ContainerResources(cpu="1", memory="1Gi", cpu_limit="2", memory_limit="2Gi"),
        )
        for name in ("relay", "sidecar")
    ),
)


def _workload(kind: str, **spec: Any) -> dict[str, Any]:
    api = "batch/v1" if kind in {"Job", "CronJob"} else "apps/v1"
    if kind == "CronJob":
        spec = {"jobTemplate": {"spec": {"template": TEMPLATE, **spec}}}
    else:
        spec = {"template": TEMPLATE, **spec}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "w", "namespace": "n"}, "spec": spec}


@pytest.mark.parametrize(
    ("workload", "count"),
    [
        (_workload("Deployment", replicas=3), 3),
        (_workload("Deployment"), 1),
        (_workload("Deployment", replicas=0), 0),
        (_workload("StatefulSet", replicas=2), 2),
        (_workload("DaemonSet"), 1),
        (_workload("Job"), 1),
        (_workload("Job", parallelism=4), 4),
        (_workload("Job", parallelism=4, completions=2), 2),
        (_workload("CronJob", parallelism=4), 1),
    ],
)
def test_there_are_as_many_pods_as_the_workload_would_have(workload: dict[str, Any], count: int) -> None:
    trial = of_workload(workload)
    assert trial is not None
    assert [pod["metadata"] for pod in trial.pods] == [
        {"labels": {"app": "x"}, "name": f"w-{index}", "namespace": "n"} for index in range(count)
    ]
    assert all(pod["spec"] == TEMPLATE["spec"] for pod in trial.pods)


def test_every_workload_of_kubernetes_is_tried() -> None:
    assert {kind for kind in WORKLOADS if of_workload(_workload(kind)) is not None} == WORKLOADS


def test_other_kinds_and_other_groups_have_no_pods() -> None:
    assert of_workload({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}) is None
    assert of_workload({**_workload("Deployment"), "apiVersion": "example.com/v1"}) is None
    assert of_workload({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {}}) is None


def test_a_stateful_set_brings_its_claims_and_its_pods_mount_them() -> None:
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    trial = of_workload(_workload("StatefulSet", replicas=2, volumeClaimTemplates=[claim]))
    assert trial is not None
    assert [(one["kind"], one["metadata"]) for one in trial.first] == [
        ("PersistentVolumeClaim", {"name": "data-w-0", "namespace": "n"}),
        ("PersistentVolumeClaim", {"name": "data-w-1", "namespace": "n"}),
    ]
    assert trial.pods[1]["spec"]["volumes"] == [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data-w-1"}}
    ]
    assert "volumes" not in TEMPLATE["spec"]


def test_a_declared_pod_has_labels_resources_and_ports_as_declared() -> None:
    trial = of_class(CLASS)
    assert [account["metadata"] for account in trial.first] == [{"name": "relay", "namespace": "ai-gateway"}]
    assert len(trial.pods) == 2
    pod = trial.pods[0]
    assert pod["metadata"]["labels"] == {"app": "relay"}
    first, second = pod["spec"]["containers"]
    assert first["resources"] == {
        "requests": {"cpu": "1", "memory": "1Gi"},
        "limits": {"cpu": "2", "memory": "2Gi"},
    }
    assert [port["containerPort"] for port in first["ports"]] == [4000, 53]
    assert second["ports"] == []


def test_a_declared_pod_is_as_loose_as_its_level_allows() -> None:
    contexts = {
        level: of_class(replace(CLASS, pod_security=level)).pods[0]["spec"]["containers"][0][
            "securityContext"
        ]
        for level in PodSecurity
    }
    assert contexts == {
        PodSecurity.RESTRICTED: {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        PodSecurity.BASELINE: {},
        PodSecurity.PRIVILEGED: {"privileged": True},
    }


@pytest.mark.parametrize(
    ("workload", "passing"),
    [
        (_workload("Deployment", replicas=3), ["w-more"]),
        (_workload("Deployment", strategy={"rollingUpdate": {"maxSurge": "25%"}}), ["w-more"]),
        (_workload("Deployment", strategy={"rollingUpdate": {"maxSurge": 0}}), []),
        (_workload("Deployment", strategy={"type": "Recreate"}), []),
        (_workload("Deployment", replicas=0), []),
        (_workload("StatefulSet"), []),
        (_workload("Job"), []),
    ],
)
def test_an_update_of_a_deployment_makes_one_pod_more_unless_told_otherwise(
    workload: dict[str, Any], passing: list[str]
) -> None:
    trial = of_workload(workload)
    assert trial is not None
    assert [pod["metadata"]["name"] for pod in trial.passing] == passing


def test_hooks_come_on_top_and_one_per_node_is_one() -> None:
    hook = of_class(replace(CLASS, hook=True, kind=Workload.JOB))
    assert hook.pods == ()
    assert [pod["metadata"]["name"] for pod in hook.passing] == ["relay-0", "relay-1"]
    assert [pod["metadata"]["name"] for pod in of_class(CLASS).passing] == ["relay-more"]
    assert of_class(replace(CLASS, kind=Workload.STATEFUL_SET)).passing == ()
    assert len(of_class(replace(CLASS, replicas=None, kind=Workload.DAEMON_SET)).pods) == 1
    assert of_class(replace(CLASS, replicas=0)).pods == ()
