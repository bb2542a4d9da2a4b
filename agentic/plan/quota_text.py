"""Quota sums as rows for a terminal, as records for a program, and as a block for a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from agentic.plan.pod_room import Amounts
from agentic.plan.quantity_text import amount
from agentic.plan.quota_sums import Line, QuotaSum, QuotaSums

SHOWN = ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory", "pods")
COLUMNS = ("namespace", *SHOWN, "left of requests", "room for")
TITLE = "quotas: most that pods ask for at one time, updates and hooks included, of what is allowed"
NO_QUOTA = "no quota"
UNDECLARED = "pods of releases are not in these sums: the plan does not hold them"


def rows(sums: QuotaSums) -> list[tuple[str, ...]]:
    """One row a namespace that has pods or a quota on them; those that bound nothing last."""
    bounded = [
        (
            _title(quota),
            *(_cell(quota.line(resource)) for resource in SHOWN),
            _left(quota),
            "" if quota.nodes is None else f"{max(quota.nodes, 0)} nodes",
        )
        for quota in sums.bounding
    ]
    free = [
        (
            one.namespace,
            *(_asked(one.peak, one.per_node, resource) for resource in SHOWN),
            NO_QUOTA,
            "",
        )
        for one in sums.unbounded
    ]
    return [*bounded, *free]


def records(sums: QuotaSums) -> dict[str, Any]:
    """Every quota and every line of it."""
    return {
        "declared": sums.declared,
        "quotas": [
            {
                "namespace": quota.namespace,
                "name": quota.name,
                "roomForNodes": quota.nodes,
                "resources": {line.resource: _record(line) for line in quota.lines},
            }
            for quota in sums.quotas
        ],
        "unbounded": {
            one.namespace: {
                "used": _amounts(one.steady),
                "peak": _amounts(one.peak),
                "perNode": _amounts(one.per_node),
            }
            for one in sums.unbounded
        },
    }


def changed_rows(old: QuotaSums, new: QuotaSums) -> Sequence[tuple[str, ...]]:
    """The rows of `new` that `old` has not."""
    known = set(rows(old))
    return [row for row in rows(new) if row not in known]


def _title(quota: QuotaSum) -> str:
    return quota.namespace if quota.name == "quota" else f"{quota.namespace}/{quota.name}"


def _cell(line: Line | None) -> str:
    if line is None:
        return "any"
    asked = _asked({line.resource: line.peak}, {line.resource: line.per_node}, line.resource)
    allowed = "unknown" if line.quota is None else amount(line.quota, line.resource)
    return f"{'at least ' if line.unknown else ''}{asked} of {allowed}"


def _asked(peak: Amounts, per_node: Amounts, resource: str) -> str:
    nothing = Fraction(0)
    total, each = peak.get(resource, nothing), per_node.get(resource, nothing)
    return f"{amount(total, resource)}{f' + {amount(each, resource)} a node' if each else ''}"


def _left(quota: QuotaSum) -> str:
    said: list[str] = []
    for resource in ("requests.cpu", "requests.memory"):
        line = quota.line(resource)
        if line is not None:
            said.append("unknown" if line.left is None else amount(line.left, resource))
    return ", ".join(said)


def _record(line: Line) -> dict[str, Any]:
    return {
        "quota": None if line.quota is None else amount(line.quota, line.resource),
        "used": amount(line.steady, line.resource),
        "peak": amount(line.peak, line.resource),
        "left": None if line.left is None else amount(line.left, line.resource),
        "perNode": amount(line.per_node, line.resource),
        "autoscaled": amount(line.most, line.resource),
        "unknown": list(line.unknown),
    }


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {resource: amount(value, resource) for resource, value in sorted(amounts.items())}
