"""Faults of quotas and namespaces, by their text: where, which rule, what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.namespaces.checks import (
    container_default_faults,
    gpu_quota_faults,
    namespace_faults,
    quota_faults,
)
from components.namespaces.spec import ContainerDefaultsSpec, NamespaceSpec, QuotaSpec

QUOTA = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="40", limits_memory="80Gi")


@dataclass
class Pool:
    grantable_gpus: int


@dataclass
class Tenant:
    gpus: dict[str, int] = field(default_factory=dict[str, int])


def said(faults: list[object]) -> list[str]:
    return [str(fault) for fault in faults]


def test_limits_below_requests_are_a_fault() -> None:
    quota = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="10", limits_memory="80Gi")
    assert said([*quota_faults("tenants.a.quota", quota)]) == [
        "tenants.a.quota.limits_cpu: is 10, below cpu 20: never used up; raise limits_cpu to at least 20"
    ]


@pytest.mark.parametrize(("limit", "faulty"), [("20", False), ("20000m", False), ("19999m", True)])
def test_quantities_are_compared_as_amounts_and_not_as_text(limit: str, faulty: bool) -> None:
    quota = QuotaSpec(cpu="20", memory="1Gi", limits_cpu=limit, limits_memory="1024Mi")
    assert bool(quota_faults("x", quota)) is faulty


def test_a_default_request_above_its_limit_is_a_fault() -> None:
    defaults = ContainerDefaultsSpec(cpu="1", limits_cpu="500m")
    assert said([*container_default_faults("tenants.a", defaults, QUOTA)]) == [
        "tenants.a.container_defaults.cpu: is 1, above limits_cpu 500m; lower it, or raise limits_cpu"
    ]


def test_a_default_that_the_quota_cannot_hold_once_is_a_fault() -> None:
    defaults = ContainerDefaultsSpec(memory="64Gi", limits_memory="64Gi")
    assert said([*container_default_faults("tenants.a", defaults, QUOTA)]) == [
        "tenants.a.container_defaults.memory: is 64Gi, above the whole quota's 40Gi; lower it, or raise the "
        "quota; as it is no pod of the default size could start"
    ]


def test_a_namespace_the_platform_does_not_have_is_a_fault_that_lists_those_it_has() -> None:
    (fault,) = namespace_faults({"ai-inferense": NamespaceSpec()})
    assert str(fault).startswith(
        "namespaces.ai-inferense: is not a namespace of the platform; use one of ai-"
    )
    assert "ai-inference" in fault.remedy


def test_an_exception_that_is_none_is_a_fault() -> None:
    spec = NamespaceSpec.model_validate(
        {"pod_security": {"level": "baseline", "reason": "model servers write to /dev/shm"}}
    )
    assert said([*namespace_faults({"ai-inference": spec})]) == [
        "namespaces.ai-inference.pod_security: is no exception: baseline is the default; leave it out"
    ]
    assert namespace_faults({"ai-agents": spec}) == []


def test_a_namespace_with_sound_changes_has_no_fault() -> None:
    assert namespace_faults({"ai-data": NamespaceSpec(quota=QUOTA), "ai-agents": NamespaceSpec()}) == []


def test_faults_in_a_namespaces_quota_carry_its_path() -> None:
    quota = QuotaSpec(cpu="20", memory="40Gi", limits_cpu="10", limits_memory="80Gi")
    (fault,) = namespace_faults({"ai-data": NamespaceSpec(quota=quota)})
    assert fault.path == "namespaces.ai-data.quota.limits_cpu"


class TestGpus:
    def test_a_pool_that_nobody_made_is_a_fault(self) -> None:
        faults = gpu_quota_faults({"l4": Pool(8)}, {}, {"tenant-a": Tenant({"h200": 1})})
        assert said([*faults]) == [
            "tenants.tenant-a.gpus.h200: names no GPU pool; the stack has: l4; add gpu_pools.h200, or drop it"
        ]

    def test_without_any_pool_the_fault_says_so(self) -> None:
        (fault,) = gpu_quota_faults({}, {}, {"tenant-a": Tenant({"l4": 1})})
        assert fault.rule == "names no GPU pool; the stack has: none"

    def test_quotas_above_a_pools_limit_are_a_fault_that_shows_the_sum(self) -> None:
        tenants = {
            "tenant-a": Tenant({"l4": 4}),
            "tenant-b": Tenant({"l4": 4}),
            "tenant-c": Tenant({"l4": 1}),
        }
        (fault,) = gpu_quota_faults({"l4": Pool(8)}, {}, tenants)
        assert str(fault) == (
            "gpu_pools.l4: quotas promise 9 GPUs (tenants.tenant-a.gpus 4 + tenants.tenant-b.gpus 4 + "
            "tenants.tenant-c.gpus 1), the pool grants 8; lower a quota, raise limit_gpus, or state an "
            "overcommit"
        )

    def test_namespaces_and_tenants_share_a_pool(self) -> None:
        pools = {"a10g": Pool(8)}
        assert gpu_quota_faults(pools, {}, {}) == [], "by default ai-inference has all of it"
        (fault,) = gpu_quota_faults(pools, {}, {"tenant-a": Tenant({"a10g": 1})})
        assert "namespaces.ai-inference.gpus 8 + tenants.tenant-a.gpus 1" in fault.rule
        smaller = {"ai-inference": NamespaceSpec(gpus={"a10g": 7})}
        assert gpu_quota_faults(pools, smaller, {"tenant-a": Tenant({"a10g": 1})}) == []

    def test_the_development_stack_adds_up(self) -> None:
        """32 GPUs for models from four pools of 8, and two tenants with 4 of a fifth."""
        pools = {name: Pool(8) for name in ("a10g", "a100", "h100", "l40s", "l4")}
        tenants = {name: Tenant({"l4": 4}) for name in ("tenant-a", "tenant-b")}
        assert gpu_quota_faults(pools, {}, tenants) == []

    @given(
        limits=st.dictionaries(st.sampled_from(["l4", "h100"]), st.integers(1, 64), min_size=1),
        grants=st.lists(st.dictionaries(st.sampled_from(["l4", "h100"]), st.integers(1, 32)), max_size=6),
    )
    def test_no_fault_means_every_pool_can_keep_its_promises(
        self, limits: dict[str, int], grants: list[dict[str, int]]
    ) -> None:
        pools = {name: Pool(limit) for name, limit in limits.items()}
        tenants = {f"t{index}": Tenant(grant) for index, grant in enumerate(grants)}
        none = {"ai-inference": NamespaceSpec(gpus={})}
        sound = all(
            pool in limits and sum(grant.get(pool, 0) for grant in grants) <= limits[pool]
            for pool in {pool for grant in grants for pool in grant}
        )
        assert (gpu_quota_faults(pools, none, tenants) == []) is sound
