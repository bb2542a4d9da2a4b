"""Pods that wait, by what they wait for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from agentic.ops.status.cluster import PODS, Cluster, Object, age, condition, namespace_of, place_of, told
from agentic.ops.status.finding import Finding, Section, State
from agentic.ops.status.pod_troubles import troubles

AREA = "pending pods"
PATIENCE = timedelta(minutes=5)
"""A node from scratch, a large image: longer than that is worth a look."""


def pending(cluster: Cluster, now: datetime) -> tuple[Section, tuple[Object, ...]]:
    """Pods in Pending, those with one reason together; and the pods."""
    listing = cluster.list(PODS, fields="status.phase=Pending")
    missing = told(AREA, "pods", listing)
    if missing:
        return Section(area=AREA, line=missing.state.value, findings=(missing,)), ()
    groups: dict[tuple[str, str], list[Object]] = {}
    young = 0
    for pod in listing.items:
        said = "; ".join(troubles(pod))
        waits_for_a_node = condition(pod, "PodScheduled").get("status") == "False"
        if (waits_for_a_node or not said) and age(pod, now) < PATIENCE:
            young += 1
            continue
        reason = said or f"starting for more than {PATIENCE.seconds // 60} minutes"
        groups.setdefault((namespace_of(pod), reason), []).append(pod)
    findings = tuple(_finding(reason, pods) for (_, reason), pods in sorted(groups.items()))
    line = f"{sum(map(len, groups.values()))} stuck, {young} starting"
    return Section(area=AREA, line=line, findings=findings), listing.items


def _finding(reason: str, pods: list[Object]) -> Finding:
    first = place_of(pods[0])
    more = f" and {len(pods) - 1} more" if len(pods) > 1 else ""
    namespace = namespace_of(pods[0])
    return Finding(
        area=AREA,
        what=f"{first}{more}",
        state=State.DEGRADED,
        said=reason,
        next=f"kubectl describe pod {first.rpartition('/')[2]} -n {namespace}",
    )


def count_by_namespace(pods: Iterable[Object]) -> dict[str, int]:
    """How many of them each namespace has."""
    counts: dict[str, int] = {}
    for pod in pods:
        counts[namespace_of(pod)] = counts.get(namespace_of(pod), 0) + 1
    return counts
