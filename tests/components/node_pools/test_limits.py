from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.node_pools.instances import GPU_TYPES, INSTANCE_TYPES
from components.node_pools.limits import cpu_pool_limits, gpu_pool_limits
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec


def test_sixty_four_h100_are_eight_nodes_of_192_vcpus() -> None:
    pool = GpuPoolSpec(instance_types=["p5.48xlarge"], limit_gpus=64)
    assert gpu_pool_limits(pool) == {"nvidia.com/gpu": "64", "cpu": "1536", "memory": "16384Gi"}


def test_the_most_generous_type_sets_the_limits_of_the_rest() -> None:
    pool = GpuPoolSpec(instance_types=["g5.xlarge", "g5.16xlarge", "g5.48xlarge"], limit_gpus=8)
    assert gpu_pool_limits(pool) == {"nvidia.com/gpu": "8", "cpu": "512", "memory": "2048Gi"}


@given(st.sampled_from(GPU_TYPES), st.integers(1, 16))
def test_a_full_pool_fits_within_its_own_limits(name: str, nodes: int) -> None:
    machine = INSTANCE_TYPES[name]
    limits = gpu_pool_limits(GpuPoolSpec(instance_types=[name], limit_gpus=nodes * machine.gpus))
    assert int(limits["cpu"]) >= nodes * machine.vcpu
    assert int(limits["memory"].removesuffix("Gi")) >= nodes * machine.memory_gib


def test_cpu_pool_memory_follows_the_families_unless_written() -> None:
    assert cpu_pool_limits(CpuPoolSpec(limit_cpu=64)) == {"cpu": "64", "memory": "512Gi"}
    assert cpu_pool_limits(CpuPoolSpec(limit_cpu=64, instance_families=["c7i"]))["memory"] == "128Gi"
    assert cpu_pool_limits(CpuPoolSpec(limit_cpu=64, limit_memory_gib=200))["memory"] == "200Gi"
