"""What the pods of each namespace ask for at one time, beside what its quotas allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

from agentic.plan.demands import Demand, demands
from agentic.plan.model import Plan, Resource
from agentic.plan.object_counts import is_counted, object_count
from agentic.plan.pod_room import Amounts, added, greatest, times
from components.core.labels import TENANT_LABEL
from components.core.quantities import parse

_ALIASES = MappingProxyType({"cpu": "requests.cpu", "memory": "requests.memory"})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One resource of one quota."""

    resource: str
    quota: Fraction | None
    """None: not a number that a plan can read."""
    steady: Fraction
    """What runs all the time, autoscalers at their least, without what there is one of a node."""
    peak: Fraction
    """With the pods of rolling updates, hooks and Jobs."""
    per_node: Fraction
    """More for each node that DaemonSets run on: how many there will be is no part of a plan."""
    most: Fraction
    """The peak with every autoscaler at its most; beyond the quota these stop."""
    unknown: tuple[str, ...] = ()
    """What of it no plan can know; the numbers are then the least it will be."""

    @property
    def left(self) -> Fraction | None:
        """What the peak leaves; None where it is unknown."""
        return None if self.unknown or self.quota is None else self.quota - self.peak


@dataclass(frozen=True, kw_only=True)
class QuotaSum:
    """One ResourceQuota and what is asked of it."""

    namespace: str
    name: str
    tenant: bool
    lines: tuple[Line, ...]
    demands: tuple[Demand, ...]
    """Those it counts."""

    @property
    def nodes(self) -> int | None:
        """Nodes that there is room for; None where nothing is counted by the node."""
        fits = [
            int(line.left // line.per_node) for line in self.lines if line.per_node and line.left is not None
        ]
        return min(fits) if fits else None

    def line(self, resource: str) -> Line | None:
        """The line of that resource, if the quota has one."""
        return next((line for line in self.lines if line.resource == resource), None)


@dataclass(frozen=True, kw_only=True)
class Unbounded:
    """A namespace with pods that no quota bounds in CPU and memory."""

    namespace: str
    steady: Amounts
    peak: Amounts
    per_node: Amounts


@dataclass(frozen=True, kw_only=True)
class QuotaSums:
    """Every namespace of a plan that has a quota or pods."""

    quotas: tuple[QuotaSum, ...]
    unbounded: tuple[Unbounded, ...]
    declared: bool
    """Whether the pods of releases are in it; without them the sums are of the plan's own workloads only."""

    @property
    def bounding(self) -> tuple[QuotaSum, ...]:
        """The quotas that bound CPU, memory or pods: the others only forbid things."""
        return tuple(quota for quota in self.quotas if any(map(quota.line, ("requests.cpu", "pods"))))


def quota_sums(plan: Plan) -> QuotaSums:
    """The sums of a plan; the same plan gives the same sums."""
    asked = demands(plan)
    tenants = {
        str(space.section("metadata").get("name"))
        for space in plan.all("kubernetes:core/v1:Namespace")
        if TENANT_LABEL in space.section("metadata", "labels")
    }
    quotas = sorted(
        (_quota_sum(plan, quota, asked, tenants) for quota in plan.all("kubernetes:core/v1:ResourceQuota")),
        key=lambda found: (found.namespace, found.name),
    )
    bounded = {quota.namespace for quota in quotas if quota.line("requests.cpu")}
    free = sorted({one.namespace for one in asked} - bounded)
    return QuotaSums(
        quotas=tuple(quotas),
        unbounded=tuple(_unbounded(name, asked) for name in free),
        declared=plan.pods is not None,
    )


def _quota_sum(plan: Plan, quota: Resource, asked: Iterable[Demand], tenants: set[str]) -> QuotaSum:
    metadata = quota.section("metadata")
    namespace = str(metadata.get("namespace", "default"))
    counted = tuple(one for one in asked if one.namespace == namespace and _matches(quota, one))
    hard = quota.section("spec", "hard")
    lines = tuple(
        _line(plan, namespace, _ALIASES.get(resource, resource), str(hard[resource]), counted)
        for resource in sorted(hard)
    )
    return QuotaSum(
        namespace=namespace,
        name=str(metadata.get("name", quota.name)),
        tenant=namespace in tenants,
        lines=lines,
        demands=counted,
    )


def _unbounded(namespace: str, asked: Iterable[Demand]) -> Unbounded:
    inside = tuple(one for one in asked if one.namespace == namespace)
    return Unbounded(namespace=namespace, steady=steady(inside), peak=peak(inside), per_node=_a_node(inside))


def _matches(quota: Resource, demand: Demand) -> bool:
    """Whether the quota's scopes select these pods; only the scope that this platform writes is read."""
    expressions: Any = quota.section("spec", "scopeSelector").get("matchExpressions") or []
    for expression in cast("list[Mapping[str, Any]]", expressions):
        if expression.get("scopeName") != "PriorityClass":
            continue
        named: list[str] = expression.get("values") or []
        inside = demand.priority_class in named
        operator = expression.get("operator")
        if (operator == "In" and not inside) or (operator == "NotIn" and inside):
            return False
        if operator == "Exists" and demand.priority_class is None:
            return False
    return True


def _line(plan: Plan, namespace: str, resource: str, hard: str, counted: tuple[Demand, ...]) -> Line:
    if is_counted(resource):
        objects, more = object_count(plan, namespace, resource, counted)
        return Line(
            resource=resource,
            quota=_read(hard),
            steady=objects,
            peak=objects,
            per_node=Fraction(0),
            most=objects,
            unknown=tuple(more),
        )
    nothing = Fraction(0)
    return Line(
        resource=resource,
        quota=_read(hard),
        steady=steady(counted).get(resource, nothing),
        peak=peak(counted).get(resource, nothing),
        per_node=_a_node(counted).get(resource, nothing),
        most=peak(counted, scaled_out=True).get(resource, nothing),
        unknown=tuple(_unknowns(resource, counted)),
    )


def _read(quantity: str) -> Fraction | None:
    try:
        return parse(quantity)
    except ValueError:
        return None


def _a_node(counted: Iterable[Demand]) -> dict[str, Fraction]:
    return added(*(one.room.amounts for one in counted if one.per_node))


def steady(counted: Iterable[Demand], *, scaled_out: bool = False) -> dict[str, Fraction]:
    """What pods that stay ask for."""
    return added(
        *(
            times(one.room.amounts, (one.most if scaled_out and one.most is not None else one.replicas) or 0)
            for one in counted
            if not one.transient
        )
    )


def peak(counted: tuple[Demand, ...], *, scaled_out: bool = False) -> dict[str, Fraction]:
    """What is asked for when every release is updated at once, as one `up` may do.

    Within a release hooks run before or after its pods are replaced and one after the other, so the larger of
    the two counts.
    """
    groups = {one.group for one in counted}
    extra: list[Amounts] = []
    for group in sorted(groups):
        members = [one for one in counted if one.group == group]
        surge = added(*(times(one.room.amounts, one.surge) for one in members))
        once = [times(one.room.amounts, one.replicas or 0) for one in members if one.transient]
        extra.append(greatest(surge, *once))
    return added(steady(counted, scaled_out=scaled_out), *extra)


def _unknowns(resource: str, counted: Iterable[Demand]) -> Iterable[str]:
    for one in counted:
        if one.replicas is None and not one.per_node:
            yield f"{one.title}: how many pods"
        yield from (f"{one.title}, {what}" for what in one.room.unknown if what.endswith(f": {resource}"))
