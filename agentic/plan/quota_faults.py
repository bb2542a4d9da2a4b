"""Quotas that do not hold what they are for: where it is said, which rule is broken, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from agentic.plan.demands import Demand
from agentic.plan.quantity_text import amount
from agentic.plan.quota_sums import Line, QuotaSum, QuotaSums
from components.core.faults import Fault
from components.core.labels import GPU_RESOURCE

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "requests.cpu": "quota.cpu",
        "requests.memory": "quota.memory",
        "limits.cpu": "quota.limits_cpu",
        "limits.memory": "quota.limits_memory",
        "pods": "quota.pods",
        "services": "quota.services",
        "persistentvolumeclaims": "quota.persistent_volume_claims",
        f"requests.{GPU_RESOURCE}": "gpus",
    }
)
"""Where a stack file says what a quota has."""

MOST_NAMED = 3


def quota_faults(sums: QuotaSums) -> tuple[Fault, ...]:
    """Every quota that its own namespace's pods do not fit, sorted by place."""
    return tuple(sorted({fault for quota in sums.quotas for fault in _of(quota)}))


def _of(quota: QuotaSum) -> Iterator[Fault]:
    for line in quota.lines:
        if line.quota is None:
            continue
        path, resource = _path(quota, line.resource), line.resource
        allowed = amount(line.quota, resource)
        if line.peak > line.quota:
            # What is unknown comes on top: the least it will be is too much already.
            yield Fault(
                path,
                f"is {allowed}, and {_asked(quota, line)}",
                f"raise it to at least {amount(line.peak, resource)}, {_or(line)}",
            )
        elif line.per_node and line.peak + line.per_node > line.quota:
            yield Fault(
                path,
                f"is {allowed} and has no room for what every node brings, {amount(line.per_node, resource)} "
                f"({_names(quota, resource, per_node=True)}), beside {amount(line.peak, resource)}",
                "raise it by that for each node there may be, or take the quota off",
            )
    yield from _unstated(quota)


def _asked(quota: QuotaSum, line: Line) -> str:
    """What is asked for and when, and by whom most of all."""
    more = line.peak - line.steady
    said = f"its pods ask for {amount(line.peak, line.resource)} at one time"
    if more:
        said = (
            f"its pods ask for {amount(line.peak, line.resource)} during an update: "
            f"{amount(line.steady, line.resource)} run, {amount(more, line.resource)} more come by rolling "
            "updates, hooks and Jobs"
        )
    largest = _names(quota, line.resource)
    return f"{said} (most of it: {largest})" if largest else said


def _or(line: Line) -> str:
    if line.resource in {"services", "persistentvolumeclaims"} or line.resource.startswith("services."):
        return "or have fewer of them"
    return "or lower the replicas or the resources of what runs there"


def _names(quota: QuotaSum, resource: str, *, per_node: bool = False) -> str:
    def weight(one: Demand) -> Fraction:
        count = 1 if per_node else (one.replicas or 0) + one.surge
        return one.room.amounts.get(resource, Fraction(0)) * count

    asked = [one for one in quota.demands if one.per_node == per_node and weight(one)]
    ranked = sorted(asked, key=lambda one: (-weight(one), one.title))
    return ", ".join(f"{one.title} {amount(weight(one), resource)}" for one in ranked[:MOST_NAMED])


def _unstated(quota: QuotaSum) -> Iterator[Fault]:
    """Containers that the API server refuses: a quota on a bound demands it of every container."""
    counted = {line.resource for line in quota.lines}
    for one in quota.demands:
        missing = [bound for bound in one.room.unstated if bound.rpartition(": ")[2] in counted]
        if missing:
            yield Fault(
                f"{_owner(quota)}.quota",
                f"counts what {one.title} does not state ({', '.join(missing)}): every pod of it is refused",
                "state it, or give the namespace container defaults",
            )


def _path(quota: QuotaSum, resource: str) -> str:
    field = FIELDS.get(resource)
    if resource == f"requests.{GPU_RESOURCE}" and quota.name.startswith("gpu-"):
        return f"{_owner(quota)}.gpus.{quota.name.removeprefix('gpu-')}"
    return f"{_owner(quota)}.{field}" if field else f"{_owner(quota)}: quota {quota.name}, {resource}"


def _owner(quota: QuotaSum) -> str:
    return f"{'tenants' if quota.tenant else 'namespaces'}.{quota.namespace}"
