"""A summary as text: aligned columns without colour, the same on a terminal and in a log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from agentic.plan.summary import Summary

MOST_UNKNOWNS = 10
MOST_NAMES = 20


def as_text(summary: Summary) -> str:
    """The summary for people."""
    head = (
        f"{summary.project}/{summary.stack}: {summary.resources} resources in {summary.components} components"
    )
    sections = [
        _section("layers", [(x.name, x.resources, x.cloud, x.kubernetes) for x in summary.layers], LAYERS),
        _section("charts", [(x.release, x.version, x.namespace, x.chart) for x in summary.charts], CHARTS),
        _wrapped("namespaces", summary.namespaces),
        _section("node pools", [(x.name, x.gpus or "none", _limits(x.limits)) for x in summary.pools], POOLS),
        _section(
            "public endpoints",
            [(x.kind, x.name, x.reachable_from) for x in summary.endpoints] or [("none", "", "")],
            ("what", "name", "reachable from"),
        ),
        _unknowns(summary),
    ]
    if summary.opaque:
        sections.append(_wrapped("opaque: children not in the plan", summary.opaque))
    return "\n\n".join([head, *(section for section in sections if section)]) + "\n"


def as_json(summary: Summary) -> str:
    """The summary as data."""
    return json.dumps(asdict(summary), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


LAYERS = ("layer", "resources", "AWS", "Kubernetes")
CHARTS = ("release", "version", "namespace", "chart")
POOLS = ("pool", "GPUs at most", "other limits")


def _section(title: str, rows: Sequence[Sequence[object]], columns: Sequence[str]) -> str:
    if not rows:
        return ""
    table = [tuple(columns), *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[index]) for row in table) for index in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return "\n".join([title, *(f"  {line}".rstrip() for line in lines)])


def _wrapped(title: str, names: Iterable[str]) -> str:
    names = list(names)
    if not names:
        return ""
    left = len(names) - MOST_NAMES
    more = [f"  and {left} more"] if left > 0 else []
    return "\n".join([f"{title} ({len(names)})", *(f"  {name}" for name in names[:MOST_NAMES]), *more])


def _limits(limits: dict[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in sorted(limits.items()) if "/" not in key)


def _unknowns(summary: Summary) -> str:
    if not summary.unknowns:
        return "unknown until the cloud answers: nothing"
    waiting = sum(unknown.properties for unknown in summary.unknowns)
    title = (
        f"unknown until the cloud answers: {len(summary.unknowns)} values, in {waiting} places"
        f"; secrets hidden: {summary.secrets}"
    )
    shown = summary.unknowns[:MOST_UNKNOWNS]
    lines = [f"  {unknown.properties:>4}  {unknown.reference}" for unknown in shown]
    left = len(summary.unknowns) - len(shown)
    return "\n".join([title, *lines, *([f"        and {left} more"] if left else [])])
