"""What every namespace of ours is closed with: quotas, container defaults and policies, as resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import (
    LimitRange,
    LimitRangeSpecArgsDict,
    ResourceQuota,
    ResourceQuotaSpecArgsDict,
)

from components.isolation.bounds import container_limits, hard_limits, pool_quotas
from components.isolation.policies import network_policies
from components.isolation.quota import ContainerDefaultsSpec, QuotaSpec
from components.isolation.render import PolicySpec


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What a namespace is closed with: everything here is decided, nothing is optional."""

    quota: QuotaSpec | None
    gpus: Mapping[str, int]
    container_defaults: ContainerDefaultsSpec
    policies: Mapping[str, PolicySpec]
    load_balancers: bool = False


def guard_namespace(
    prefix: str, namespace: Input[str], guard: Guard, *, labels: Mapping[str, str], opts: ResourceOptions
) -> list[Resource]:
    """Quota, quotas by GPU pool, container defaults, policies: all of them before the first pod."""

    def quota(name: str, spec: ResourceQuotaSpecArgsDict) -> Resource:
        return ResourceQuota(
            f"{prefix}-{name}",
            metadata={"name": name, "namespace": namespace, "labels": dict(labels)},
            spec=spec,
            opts=opts,
        )

    hard = hard_limits(guard.quota, guard.gpus, load_balancers=guard.load_balancers)
    return [
        quota("quota", {"hard": hard}),
        *(
            quota(name, cast("ResourceQuotaSpecArgsDict", spec))
            for name, spec in pool_quotas(guard.gpus).items()
        ),
        LimitRange(
            f"{prefix}-container-defaults",
            metadata={"name": "container-defaults", "namespace": namespace, "labels": dict(labels)},
            spec=cast("LimitRangeSpecArgsDict", container_limits(guard.container_defaults)),
            opts=opts,
        ),
        *network_policies(prefix, namespace, guard.policies, labels=labels, opts=opts),
    ]
