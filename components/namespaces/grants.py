"""Who is granted how many GPUs of which pool: a count of GPUs alone would mix accelerators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from components.core.faults import Fault
from components.isolation.quota import GpuGrant
from components.namespaces.catalogue import NAMESPACES
from components.namespaces.spec import NamespaceSpec


class GpuPool(Protocol):
    """As much of an accelerator pool as quotas have to know."""

    @property
    def grantable_gpus(self) -> int:
        """How many GPUs the quotas on this pool may add up to."""
        ...


class Grantee(Protocol):
    """Whoever may be given GPUs by pool."""

    @property
    def gpus(self) -> Mapping[str, int]:
        """GPUs by pool."""
        ...


def gpu_grant(name: str, override: NamespaceSpec | None, pools: Mapping[str, GpuPool]) -> GpuGrant:
    """The namespace's GPUs by pool: as written, else the default of those pools that the stack has."""
    if override is not None and override.gpus is not None:
        return override.gpus
    return {
        pool: min(count, pools[pool].grantable_gpus)
        for pool, count in NAMESPACES[name].gpus.items()
        if pool in pools
    }


def gpu_quota_faults(
    pools: Mapping[str, GpuPool],
    namespaces: Mapping[str, NamespaceSpec],
    tenants: Mapping[str, Grantee],
) -> list[Fault]:
    """Quotas on pools that do not exist, and pools whose quotas promise more GPUs than they may have."""
    grants = {
        f"namespaces.{name}.gpus": gpu_grant(name, namespaces.get(name), pools) for name in NAMESPACES
    } | {f"tenants.{name}.gpus": tenant.gpus for name, tenant in tenants.items()}
    known = ", ".join(sorted(pools)) or "none"
    faults = [
        Fault(
            f"{path}.{pool}",
            f"names no GPU pool; the stack has: {known}",
            f"add gpu_pools.{pool}, or drop it",
        )
        for path, grant in grants.items()
        for pool in grant
        if pool not in pools
    ]
    for pool, spec in pools.items():
        holders = {path: grant[pool] for path, grant in grants.items() if pool in grant}
        promised = sum(holders.values())
        if promised > spec.grantable_gpus:
            who = " + ".join(f"{path} {count}" for path, count in holders.items())
            faults.append(
                Fault(
                    f"gpu_pools.{pool}",
                    f"quotas promise {promised} GPUs ({who}), the pool grants {spec.grantable_gpus}",
                    "lower a quota, raise limit_gpus, or state an overcommit",
                )
            )
    return faults
