from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from components.charts.literals import faults
from components.dcgm_exporter.dcgm_exporter import DcgmExporter, DcgmExporterArgs
from components.dcgm_exporter.pods import RELEASE, pods
from components.dcgm_exporter.spec import DcgmExporterSpec, exporter_needed
from components.dcgm_exporter.values import values
from components.node_pools.render import GPU_TAINT, gpu_node_pool
from components.node_pools.spec import GpuPoolSpec


@dataclass(frozen=True)
class Mode:
    """Who runs nodes."""

    mode: str


VALUES = values(DcgmExporterSpec(), monitored=True)
POOL = GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=4)
KARPENTER, AUTO = Mode(mode="karpenter"), Mode(mode="auto")


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals(monitored: bool) -> None:
    assert faults(RELEASE, values(DcgmExporterSpec(), monitored=monitored)) == []


def test_it_runs_on_the_nodes_of_our_gpu_pools_and_on_no_other() -> None:
    pool = gpu_node_pool("l4", POOL, "karpenter")
    ((label, value),) = VALUES["nodeSelector"].items()
    assert pool["template"]["metadata"]["labels"][label] == value
    (toleration,) = VALUES["tolerations"]
    assert toleration == {"key": GPU_TAINT["key"], "operator": "Exists", "effect": GPU_TAINT["effect"]}


def test_a_gpu_is_reported_under_the_pod_that_uses_it() -> None:
    assert VALUES["serviceMonitor"]["honorLabels"] is True


def test_a_monitor_is_asked_for_only_where_its_kind_exists() -> None:
    assert VALUES["serviceMonitor"]["enabled"] is True
    assert values(DcgmExporterSpec(), monitored=False)["serviceMonitor"]["enabled"] is False


@pytest.mark.parametrize(("seconds", "waits"), [(5, "5s"), (10, "10s"), (30, "10s")])
def test_gpus_are_asked_as_often_as_the_exporter_and_no_longer_than_until_the_next_time(
    seconds: int, waits: str
) -> None:
    said = values(DcgmExporterSpec(interval_seconds=seconds), monitored=True)
    told = {one["name"]: one["value"] for one in said["extraEnv"]}
    assert told["DCGM_EXPORTER_INTERVAL"] == f"{seconds}000"
    assert (said["serviceMonitor"]["interval"], said["serviceMonitor"]["scrapeTimeout"]) == (
        f"{seconds}s",
        waits,
    )


def test_it_has_the_memory_that_it_takes_on_nodes_with_eight_gpus() -> None:
    resources = DcgmExporterSpec().resources
    assert (resources.memory, resources.memory_limit) == ("512Mi", "1Gi")
    assert {"name": "GOMAXPROCS", "value": "2"} in VALUES["extraEnv"]


def test_the_pod_is_sized_as_declared() -> None:
    (pod,) = pods(DcgmExporterSpec())
    assert VALUES["resources"] == pod.containers[0].resources.values()


@pytest.mark.parametrize(
    ("spec", "compute", "pools", "needed"),
    [
        (DcgmExporterSpec(), KARPENTER, {"l4": POOL}, True),
        (DcgmExporterSpec(), KARPENTER, {}, False),
        (DcgmExporterSpec(), AUTO, {"l4": POOL}, False),
        (DcgmExporterSpec(enabled=False), KARPENTER, {"l4": POOL}, False),
    ],
)
def test_it_is_installed_where_there_are_gpus_of_our_own(
    spec: DcgmExporterSpec, compute: Mode, pools: dict[str, GpuPoolSpec], needed: bool
) -> None:
    assert exporter_needed(spec, compute, pools) is needed


def test_it_is_one_release_that_goes_before_its_namespace(capture: Capture) -> None:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("nvidia", metadata={"name": "nvidia"})
        DcgmExporter(
            "dcgm-exporter",
            DcgmExporterArgs(spec=DcgmExporterSpec(), namespace=namespace.metadata.name, after=(namespace,)),
        )

    plan = capture(program)
    release = plan.one("kubernetes:helm.sh/v3:Release")
    assert (release.inputs["name"], release.inputs["namespace"]) == ("dcgm-exporter", "nvidia")
    assert plan.deleted_before(release.urn, plan.one("kubernetes:core/v1:Namespace").urn)
