from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.gpu.spec import GpuReadinessSpec, plugin_needed
from components.node_pools.compute import AutoCompute, Compute, KarpenterCompute
from components.node_pools.spec import GpuPoolSpec

COMPUTE: TypeAdapter[KarpenterCompute | AutoCompute] = TypeAdapter(Compute)
POOLS = {"l4": GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=4)}


@pytest.mark.parametrize(
    ("mode", "pools", "enabled", "needed"),
    [
        ("karpenter", POOLS, True, True),
        ("karpenter", POOLS, False, False),
        ("karpenter", {}, True, False),
        ("auto", POOLS, True, False),
    ],
    ids=["own GPU nodes", "switched off", "no GPU pool", "AWS brings it"],
)
def test_the_plugin_is_installed_where_gpu_nodes_need_it(
    mode: str, pools: dict[str, GpuPoolSpec], enabled: bool, needed: bool
) -> None:
    compute = COMPUTE.validate_python({"mode": mode, "cpu_pool": {"limit_cpu": 64}})
    assert plugin_needed(GpuReadinessSpec(enabled=enabled), compute, pools) is needed


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"version": "0.20.0"}, "Extra inputs are not permitted"),
        (
            {"resources": {"cpu": "1", "memory": "64Mi", "cpu_limit": "200m", "memory_limit": "64Mi"}},
            "cpu_limit 200m is below cpu 1",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        GpuReadinessSpec.model_validate(spec)
    assert said in str(refused.value)
