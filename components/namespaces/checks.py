"""What is wrong with quotas and namespaces before anything exists: sums, ratios, unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from components.core.faults import Fault
from components.core.quantities import parse
from components.namespaces.catalogue import NAMESPACES, GpuPool, gpu_grant
from components.namespaces.spec import LIMITS_OF, ContainerDefaultsSpec, NamespaceSpec, QuotaSpec


class Grantee(Protocol):
    """Whoever may be given GPUs by pool."""

    @property
    def gpus(self) -> Mapping[str, int]:
        """GPUs by pool."""
        ...


def quota_faults(path: str, quota: QuotaSpec) -> list[Fault]:
    """A quota whose limits lie below its requests: no pod could use up what was granted."""
    return [
        Fault(
            f"{path}.{limit}",
            f"is {getattr(quota, limit)}, below {request} {getattr(quota, request)}: never used up",
            f"raise {limit} to at least {getattr(quota, request)}",
        )
        for request, limit in LIMITS_OF.items()
        if parse(getattr(quota, limit)) < parse(getattr(quota, request))
    ]


def container_default_faults(
    path: str, defaults: ContainerDefaultsSpec, quota: QuotaSpec | None
) -> list[Fault]:
    """Defaults that the API server refuses (request above limit), or of which the quota cannot hold one."""
    faults = [
        Fault(
            f"{path}.container_defaults.{request}",
            f"is {getattr(defaults, request)}, above {limit} {getattr(defaults, limit)}",
            f"lower it, or raise {limit}",
        )
        for request, limit in LIMITS_OF.items()
        if parse(getattr(defaults, request)) > parse(getattr(defaults, limit))
    ]
    if quota is None:
        return faults
    return faults + [
        Fault(
            f"{path}.container_defaults.{name}",
            f"is {getattr(defaults, name)}, above the whole quota's {getattr(quota, name)}",
            "lower it, or raise the quota; as it is no pod of the default size could start",
        )
        for name in (*LIMITS_OF, *LIMITS_OF.values())
        if parse(getattr(defaults, name)) > parse(getattr(quota, name))
    ]


def namespace_faults(namespaces: Mapping[str, NamespaceSpec]) -> list[Fault]:
    """Changes to namespaces the platform does not have, and quotas that do not add up."""
    faults: list[Fault] = []
    for name, spec in namespaces.items():
        path = f"namespaces.{name}"
        if name not in NAMESPACES:
            faults.append(
                Fault(path, "is not a namespace of the platform", f"use one of {', '.join(NAMESPACES)}")
            )
            continue
        row = NAMESPACES[name]
        if spec.quota is not None:
            faults += quota_faults(f"{path}.quota", spec.quota)
        if spec.quota is not None or spec.container_defaults is not None:
            faults += container_default_faults(
                path, spec.container_defaults or row.container_defaults, spec.quota or row.quota
            )
        if spec.pod_security is not None and spec.pod_security.level == row.pod_security:
            faults.append(
                Fault(
                    f"{path}.pod_security",
                    f"is no exception: {row.pod_security} is the default",
                    "leave it out",
                )
            )
    return faults


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
