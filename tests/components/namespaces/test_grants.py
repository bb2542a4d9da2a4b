"""GPUs by pool: who is granted how many, and when the sum is more than there is."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from components.namespaces.grants import gpu_grant, gpu_quota_faults
from components.namespaces.spec import NamespaceSpec


@dataclass
class Pool:
    grantable_gpus: int


@dataclass
class Tenant:
    gpus: dict[str, int] = field(default_factory=dict[str, int])


def test_gpus_are_granted_only_from_pools_that_exist() -> None:
    assert gpu_grant("ai-inference", None, {"a10g": Pool(8), "l4": Pool(8)}) == {"a10g": 8}


def test_a_small_pool_grants_what_it_has() -> None:
    assert gpu_grant("ai-inference", None, {"a10g": Pool(4)}) == {"a10g": 4}


def test_a_written_grant_replaces_the_default_as_a_whole() -> None:
    pools = {"a10g": Pool(8), "h100": Pool(8)}
    assert gpu_grant("ai-inference", NamespaceSpec(gpus={"h100": 2}), pools) == {"h100": 2}
    assert gpu_grant("ai-inference", NamespaceSpec(gpus={}), pools) == {}
    assert gpu_grant("ai-inference", NamespaceSpec(), pools) == {"a10g": 8, "h100": 8}


class TestGpus:
    def test_a_pool_that_nobody_made_is_a_fault(self) -> None:
        faults = gpu_quota_faults({"l4": Pool(8)}, {}, {"tenant-a": Tenant({"h200": 1})})
        assert [str(fault) for fault in faults] == [
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
