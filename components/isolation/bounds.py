"""Quotas and container defaults as the API server reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from components.core.labels import GPU_RESOURCE
from components.isolation.quota import ContainerDefaultsSpec, QuotaSpec

NO_POOL = "no-gpu-pool"
"""The quota on pods that name no granted pool; no pool's quota can be called this."""

PRIORITY = 0
"""Of every pool's class, and of pods without one: it counts GPUs and ranks nothing."""

_GPU_REQUESTS = f"requests.{GPU_RESOURCE}"


def hard_limits(quota: QuotaSpec | None, gpus: Mapping[str, int], *, load_balancers: bool) -> dict[str, str]:
    """The main quota: what is granted, and an explicit 0 for GPUs and ways in that are not."""
    limits: dict[str, str] = {}
    if quota is not None:
        limits |= {
            "requests.cpu": quota.cpu,
            "requests.memory": quota.memory,
            "limits.cpu": quota.limits_cpu,
            "limits.memory": quota.limits_memory,
        }
        counts = {
            "pods": quota.pods,
            "services": quota.services,
            "persistentvolumeclaims": quota.persistent_volume_claims,
        }
        limits |= {name: str(count) for name, count in counts.items() if count is not None}
    limits[_GPU_REQUESTS] = str(sum(gpus.values()))
    if not load_balancers:
        # A load balancer or node port is a way in that no NetworkPolicy of the namespace was asked about.
        limits |= {"services.loadbalancers": "0", "services.nodeports": "0"}
    return limits


def priority_class_name(pool: str) -> str:
    """The PriorityClass that a pod names to be counted against a pool's GPUs."""
    return f"gpu-{pool}"


def pool_quotas(gpus: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """One quota per granted pool, and one that grants nothing to pods that name none of them.

    A quota counts a resource, not the node it comes from; the PriorityClass says which pool is meant. Without
    the last quota a pod with another class, or with none, would count against the sum alone: `NotIn` also
    matches a pod that has no class (Kubernetes, pkg/quota/v1/evaluator/core/pods.go, podMatchesSelector).
    """
    if not gpus:
        return {}
    names = {pool: priority_class_name(pool) for pool in gpus}
    quotas = {
        names[pool]: _scoped("In", [names[pool]], {_GPU_REQUESTS: str(count)}) for pool, count in gpus.items()
    }
    return {**quotas, NO_POOL: _scoped("NotIn", sorted(names.values()), {_GPU_REQUESTS: "0"})}


def _scoped(operator: str, classes: Iterable[str], hard: Mapping[str, str]) -> dict[str, Any]:
    scope = {"scopeName": "PriorityClass", "operator": operator, "values": list(classes)}
    return {"hard": dict(hard), "scopeSelector": {"matchExpressions": [scope]}}


def container_limits(defaults: ContainerDefaultsSpec) -> dict[str, Any]:
    """The LimitRange: what a container gets that names nothing, so that a quota on limits refuses no pod."""
    return {
        "limits": [
            {
                "type": "Container",
                "defaultRequest": {"cpu": defaults.cpu, "memory": defaults.memory},
                "default": {"cpu": defaults.limits_cpu, "memory": defaults.limits_memory},
            }
        ]
    }
