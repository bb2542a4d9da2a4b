from __future__ import annotations

from typing import Any

import pytest

from components.node_pools.render import Mode, cpu_node_pool, gpu_node_pool, object_name
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec

MODES: tuple[Mode, ...] = ("karpenter", "auto")


def cpu(mode: Mode = "karpenter", **more: Any) -> dict[str, Any]:
    return cpu_node_pool(CpuPoolSpec.model_validate({"limit_cpu": 64, **more}), mode)


def gpu(mode: Mode = "karpenter", **more: Any) -> dict[str, Any]:
    pool = GpuPoolSpec.model_validate({"instance_types": ["g5.48xlarge"], "limit_gpus": 8, **more})
    return gpu_node_pool("a10g", pool, mode)


def requirement(pool: dict[str, Any], key: str) -> list[str]:
    (found,) = (one for one in pool["template"]["spec"]["requirements"] if one["key"] == key)
    assert found["operator"] == "In"
    return found["values"]


@pytest.mark.parametrize("mode", MODES)
def test_no_pod_starts_a_gpu_node_by_accident(mode: Mode) -> None:
    taints = gpu(mode)["template"]["spec"]["taints"]
    assert taints == [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}]


@pytest.mark.parametrize("mode", MODES)
def test_a_gpu_node_says_which_accelerator_it_has(mode: Mode) -> None:
    assert gpu(mode)["template"]["metadata"]["labels"] == {
        "agentic.dev/pool": "a10g",
        "agentic.dev/accelerator": "a10g",
        "agentic.dev/gpu-memory-mib": "22888",
        "nvidia.com/gpu.present": "true",
    }


@pytest.mark.parametrize("mode", MODES)
def test_a_gpu_pool_is_limited_in_gpus_cpu_and_memory(mode: Mode) -> None:
    assert gpu(mode)["limits"] == {"nvidia.com/gpu": "8", "cpu": "192", "memory": "768Gi"}


@pytest.mark.parametrize("mode", MODES)
def test_a_gpu_node_goes_only_when_it_has_been_empty_for_a_while(mode: Mode) -> None:
    disruption = gpu(mode)["disruption"]
    assert disruption["consolidationPolicy"] == "WhenEmpty"
    assert disruption["consolidateAfter"] == "10m"


def test_gpu_nodes_are_not_drifted_in_working_hours() -> None:
    assert gpu()["disruption"]["budgets"] == [
        {"nodes": "1"},
        {"nodes": "0", "reasons": ["Drifted"], "schedule": "0 8 * * mon-fri", "duration": "10h"},
    ]


def test_cpu_nodes_are_packed_tightly_a_fifth_at_a_time() -> None:
    assert cpu()["disruption"] == {
        "consolidationPolicy": "WhenEmptyOrUnderutilized",
        "consolidateAfter": "30s",
        "budgets": [{"nodes": "20%"}],
    }


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pool", [cpu, gpu])
def test_every_node_has_an_age_limit_and_every_drain_an_end(pool: Any, mode: Mode) -> None:
    spec = pool(mode)["template"]["spec"]
    assert spec["expireAfter"] == "336h"
    assert spec["terminationGracePeriod"] == "60m"


@pytest.mark.parametrize("pool", [cpu, gpu])
def test_spot_is_bought_only_where_it_was_allowed(pool: Any) -> None:
    assert requirement(pool(), "karpenter.sh/capacity-type") == ["on-demand"]
    allowed = pool(capacity_types=["spot", "on-demand"], spot_allowed=True)
    assert requirement(allowed, "karpenter.sh/capacity-type") == ["spot", "on-demand"]


def test_machines_are_the_types_that_limits_were_computed_from() -> None:
    assert requirement(gpu(), "node.kubernetes.io/instance-type") == ["g5.48xlarge"]
    assert requirement(cpu(instance_families=["m7i"], max_vcpu=8), "node.kubernetes.io/instance-type") == [
        "m7i.xlarge",
        "m7i.2xlarge",
    ]


def test_the_architecture_is_that_of_the_machines() -> None:
    assert requirement(cpu(instance_families=["m8g"]), "kubernetes.io/arch") == ["arm64"]


@pytest.mark.parametrize(
    ("mode", "reference"),
    [
        ("karpenter", {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "gpu-a10g"}),
        ("auto", {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "gpu-a10g"}),
    ],
)
def test_a_pool_refers_to_the_node_class_of_its_mode(mode: Mode, reference: dict[str, str]) -> None:
    assert gpu(mode)["template"]["spec"]["nodeClassRef"] == reference


@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_the_other_mode_is_asked_for(mode: Mode) -> None:
    """Auto Mode knows neither Karpenter's instance labels nor an operating system to choose."""
    other = {"karpenter": "eks.amazonaws.com/", "auto": "karpenter.k8s.aws/"}[mode]
    keys = [one["key"] for pool in (cpu(mode), gpu(mode)) for one in pool["template"]["spec"]["requirements"]]
    assert not [key for key in keys if key.startswith((other, "kubernetes.io/os"))]


def test_a_weight_is_written_only_when_said() -> None:
    assert "weight" not in gpu()
    assert gpu(weight=50)["weight"] == 50


def test_pools_are_named_after_what_they_hold() -> None:
    assert [object_name(key) for key in ("cpu", "l4")] == ["cpu", "gpu-l4"]
