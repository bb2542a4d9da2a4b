from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.node_pools.instances import GPU_TYPES, INSTANCE_TYPES
from components.node_pools.spec import CpuPoolSpec, GpuPoolName, GpuPoolSpec

POOL_NAME = TypeAdapter(GpuPoolName)


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        ({"instance_types": ["g5.48xlarge"]}, "limit_gpus\n  Field required"),
        (
            {"instance_types": ["g5.48xlarge"], "limit_gpus": 4},
            "limit_gpus is 4, but the smallest node, g5.48xlarge, has 8 GPUs, so that not one node could "
            "start; set at least 8",
        ),
        (
            {"instance_types": ["g5.48xlarge"], "limit_gpus": 12},
            "limit_gpus is 12, but nodes come with 8 GPUs, so that only 8 can ever run; write 8 or 16",
        ),
        (
            {"instance_types": ["g5.48xlarge", "p5.48xlarge"], "limit_gpus": 8},
            "g5.48xlarge has A10G (22888 MiB), p5.48xlarge has H100 (81920 MiB)",
        ),
        (
            {"instance_types": ["p4d.24xlarge", "p4de.24xlarge"], "limit_gpus": 8},
            "p4d.24xlarge has A100 (40960 MiB), p4de.24xlarge has A100 (81920 MiB)",
        ),
        ({"instance_types": ["g5.xlarge", "g5.xlarge"], "limit_gpus": 8}, "names a type twice"),
        ({"instance_types": [], "limit_gpus": 8}, "at least 1 item"),
        ({"instance_types": ["g5.xlarge"], "limit_gpus": 0}, "greater than 0"),
        ({"instance_types": ["g5.xlarge"], "limit_gpus": 8, "overcommit": 0.5}, "greater than or equal to 1"),
        (
            {"instance_types": ["g5.xlarge"], "limit_gpus": 8, "consolidate_after_seconds": 30},
            "Extra inputs are not permitted",
        ),
        (
            {"instance_types": ["g5.xlarge"], "limit_gpus": 8, "consolidate_after_minutes": 1},
            "greater than or equal to 5",
        ),
    ],
)
def test_a_gpu_pool_that_cannot_work_is_refused_with_the_arithmetic(
    pool: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        GpuPoolSpec.model_validate(pool)
    assert said in str(refused.value)


@given(st.sampled_from(GPU_TYPES), st.integers(1, 512))
def test_an_accepted_limit_can_be_used_to_the_last_gpu(name: str, limit: int) -> None:
    gpus = INSTANCE_TYPES[name].gpus
    if limit % gpus == 0:
        assert GpuPoolSpec(instance_types=[name], limit_gpus=limit).accelerator is not None
    else:
        with pytest.raises(ValidationError):
            GpuPoolSpec(instance_types=[name], limit_gpus=limit)


def test_quotas_may_add_up_to_the_limit_and_no_further_unless_said() -> None:
    assert GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=10).grantable_gpus == 10


def test_overcommitment_is_exact() -> None:
    pool = GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=10, overcommit=1.1)
    assert pool.grantable_gpus == 11


@pytest.mark.parametrize("name", ["cpu", "bootstrap"])
def test_a_gpu_pool_cannot_take_a_name_of_the_platforms(name: str) -> None:
    with pytest.raises(ValidationError, match="is the platform's own pool; name a GPU pool after its GPU"):
        POOL_NAME.validate_python(name)


@pytest.mark.parametrize("name", ["A10G", "a_10", "x" * 41, "-l4"])
def test_a_gpu_pools_name_fits_a_label_with_its_prefix(name: str) -> None:
    with pytest.raises(ValidationError):
        POOL_NAME.validate_python(name)


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        ({}, "limit_cpu\n  Field required"),
        (
            {"limit_cpu": 64, "instance_families": ["m7i", "m8g"]},
            "instance_families mixes architectures: m7i (amd64) and m8g (arm64); images are built for one",
        ),
        (
            {"limit_cpu": 2},
            "limit_cpu is 2, but the smallest node, m7i.xlarge, has 4 vCPUs, so that not one node could "
            "start",
        ),
        (
            {"limit_cpu": 64, "instance_families": ["r7i"], "limit_memory_gib": 16},
            "limit_memory_gib is 16, but the smallest node has 32 GiB",
        ),
        (
            {"limit_cpu": 64, "min_vcpu": 17, "max_vcpu": 20},
            "no type of m7i, m7a, c7i, r7i has 17 to 20 vCPUs; widen min_vcpu and max_vcpu",
        ),
        ({"limit_cpu": 64, "instance_families": ["t3"]}, "Input should be 'c7i'"),
        ({"limit_cpu": 64, "instance_types": ["m7i.large"]}, "Extra inputs are not permitted"),
        ({"limit_cpu": 64, "budgets": []}, "at least 1 item"),
    ],
)
def test_a_cpu_pool_that_cannot_work_is_refused_with_the_arithmetic(
    pool: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        CpuPoolSpec.model_validate(pool)
    assert said in str(refused.value)


def test_a_cpu_pool_buys_only_sizes_between_its_bounds() -> None:
    pool = CpuPoolSpec(limit_cpu=64, instance_families=["m7i"], min_vcpu=8, max_vcpu=32)
    assert [machine.name for machine in pool.instance_types] == ["m7i.2xlarge", "m7i.4xlarge", "m7i.8xlarge"]


def test_a_cpu_pool_has_the_architecture_of_its_families() -> None:
    assert CpuPoolSpec(limit_cpu=64, instance_families=["m8g", "r8g"]).architecture == "arm64"
