from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from components.charts.literals import faults
from components.gpu.pods import RELEASE, pods
from components.gpu.spec import GpuReadinessSpec
from components.gpu.values import values
from components.node_pools.render import GPU_TAINT, gpu_node_pool
from components.node_pools.spec import GpuPoolSpec

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"
VALUES = values(GpuReadinessSpec())


def test_values_are_literals() -> None:
    assert faults(RELEASE, VALUES) == []


def test_it_runs_on_the_nodes_that_our_gpu_pools_make_and_on_no_other() -> None:
    affinity = VALUES["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    (term,) = affinity["nodeSelectorTerms"]
    (expression,) = term["matchExpressions"]
    pool = gpu_node_pool("l4", GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=4), "karpenter")
    assert pool["template"]["metadata"]["labels"][expression["key"]] in expression["values"]


def test_it_tolerates_the_taint_of_our_gpu_pools() -> None:
    (toleration,) = VALUES["tolerations"]
    assert toleration == {"key": GPU_TAINT["key"], "operator": "Exists", "effect": GPU_TAINT["effect"]}


def test_every_container_is_sized() -> None:
    assert VALUES["resources"] == {
        "requests": {"cpu": "50m", "memory": "64Mi"},
        "limits": {"cpu": "200m", "memory": "128Mi"},
    }


def test_the_image_is_the_one_its_pods_are_declared_with() -> None:
    named = f"{VALUES['image']['repository']}:{VALUES['image']['tag']}"
    assert {image.reference for one in pods(GpuReadinessSpec()) for image in one.images} == {named}


def test_nothing_is_there_to_scrape() -> None:
    """What GPUs do is exported by another chart; the plugin listens on no port and has no monitor to switch."""
    assert [port for pod in pods(GpuReadinessSpec()) for port in pod.ports] == []
    assert "serviceMonitor" not in VALUES


def test_declared_pods_are_those_the_chart_renders() -> None:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: the device plugin's pods were not compared")
    chart = yaml.safe_load(ENDPOINTS.read_text())["charts"][RELEASE]
    ours = pods(GpuReadinessSpec())
    assert [(one.kind.value, one.name, one.namespace) for one in ours] == [
        (there["kind"], there["name"], there["namespace"]) for there in chart["workloads"]
    ]
    for one, there in zip(ours, chart["workloads"], strict=True):
        assert dict(one.labels) == there["labels"]
        assert one.service_account == there["service_account"]
        assert one.pod_security.value == there["pod_security"]
        assert list(one.ports) == there["ports"]
    assert {(f"{one.kind.value}/{one.name}", box.name) for one in ours for box in one.containers} == {
        (there["workload"], there["container"]) for there in chart["resources_missing"]
    }
