from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.node_pools.compute import AutoCompute, Compute, KarpenterCompute, mode_faults
from components.node_pools.spec import GpuPoolSpec

COMPUTE: TypeAdapter[KarpenterCompute | AutoCompute] = TypeAdapter(Compute)
CPU_POOL = {"limit_cpu": 64}


def auto(**cpu_pool: Any) -> AutoCompute:
    compute = COMPUTE.validate_python({"mode": "auto", "cpu_pool": {**CPU_POOL, **cpu_pool}})
    assert isinstance(compute, AutoCompute)
    return compute


def gpu_pool(**more: Any) -> GpuPoolSpec:
    return GpuPoolSpec.model_validate({"instance_types": ["g6.xlarge"], "limit_gpus": 4, **more})


def test_a_mode_is_one_of_two() -> None:
    with pytest.raises(ValidationError, match="'karpenter', 'auto'"):
        COMPUTE.validate_python({"mode": "fargate", "cpu_pool": CPU_POOL})


@pytest.mark.parametrize(
    ("key", "value"),
    [("bootstrap", {}), ("karpenter", {"log_level": "debug"}), ("ami_alias", "al2023@v20260714")],
)
def test_a_karpenter_setting_in_auto_mode_is_refused_and_told_where_it_belongs(key: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        COMPUTE.validate_python({"mode": "auto", "cpu_pool": CPU_POOL, key: value})
    assert (
        f"{key}: for mode karpenter only; in mode auto AWS runs Karpenter and its nodes; remove it, or set "
        "mode: karpenter" in str(refused.value)
    )


def test_every_karpenter_setting_is_named_at_once() -> None:
    with pytest.raises(ValidationError, match=r"bootstrap, karpenter: for mode karpenter only.*remove them"):
        COMPUTE.validate_python({"mode": "auto", "cpu_pool": CPU_POOL, "karpenter": {}, "bootstrap": {}})


def test_an_unknown_setting_is_unknown_in_both_modes() -> None:
    for mode in ("karpenter", "auto"):
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            COMPUTE.validate_python({"mode": mode, "cpu_pool": CPU_POOL, "spot": True})


def test_a_moving_image_is_refused_for_all_pools_and_for_one() -> None:
    for compute in (
        {"ami_alias": "al2023@latest", "cpu_pool": CPU_POOL},
        {"cpu_pool": {**CPU_POOL, "ami_alias": "al2023@latest"}},
    ):
        with pytest.raises(ValidationError, match="al2023@latest replaces every node"):
            COMPUTE.validate_python({"mode": "karpenter", **compute})


def test_karpenter_mode_honours_every_setting_of_a_pool() -> None:
    compute = COMPUTE.validate_python(
        {"mode": "karpenter", "cpu_pool": {**CPU_POOL, "expire_after_hours": 720}}
    )
    assert mode_faults(compute, {"l4": gpu_pool(ami_alias="al2023@v20260714")}) == []


def test_auto_mode_honours_the_defaults() -> None:
    assert mode_faults(auto(), {"l4": gpu_pool()}) == []


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (
            {"ami_alias": "al2023@v20260714"},
            "gpu_pools.l4.ami_alias: for compute.mode karpenter only: AWS owns the image; remove it, or set "
            "compute.mode: karpenter",
        ),
        (
            {"capacity_types": ["reserved"], "capacity_reservations": [{"id": "cr-0abc"}]},
            "gpu_pools.l4.capacity_reservations: for compute.mode karpenter only",
        ),
        (
            {"disk": {"kms_key_arn": "arn:aws:kms:us-east-1:111122223333:key/abc"}},
            "gpu_pools.l4.disk.kms_key_arn: for compute.mode karpenter only",
        ),
        (
            {"expire_after_hours": 720},
            "gpu_pools.l4.expire_after_hours: EKS Auto Mode keeps a node for 504 hours at most, its drain "
            "included; 720 h and 60 min are more; set at most 503",
        ),
    ],
)
def test_what_auto_mode_cannot_honour_is_named_with_its_path(pool: dict[str, Any], said: str) -> None:
    (fault,) = mode_faults(auto(), {"l4": gpu_pool(**pool)})
    assert str(fault).startswith(said)


def test_the_remedy_for_a_long_life_is_accepted() -> None:
    assert mode_faults(auto(expire_after_hours=503), {}) == []
    assert len(mode_faults(auto(expire_after_hours=504), {})) == 1


def test_the_cpu_pool_is_checked_like_the_others() -> None:
    assert [fault.path for fault in mode_faults(auto(ami_alias="al2023@v20260714"), {})] == [
        "compute.cpu_pool.ami_alias"
    ]
