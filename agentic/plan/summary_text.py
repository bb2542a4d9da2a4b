"""A summary as text: aligned columns without colour, the same on a terminal and in a log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from typing import Any, cast

from agentic.plan import images_text, quota_text
from agentic.plan.summary import Summary
from agentic.plan.table_text import table

MOST_UNKNOWNS = 10
MOST_NAMES = 20


def as_text(summary: Summary) -> str:
    """The summary for people."""
    head = (
        f"{summary.project}/{summary.stack}: {summary.resources} resources in {summary.components} components"
    )
    sections = [
        table("layers", [(x.name, x.resources, x.cloud, x.kubernetes) for x in summary.layers], LAYERS),
        table("charts", [(x.release, x.version, x.namespace, x.chart) for x in summary.charts], CHARTS),
        _wrapped("namespaces", summary.namespaces),
        table("node pools", [(x.name, x.gpus or "none", _limits(x.limits)) for x in summary.pools], POOLS),
        table(
            "public endpoints",
            [(x.kind, x.name, x.reachable_from) for x in summary.endpoints] or [("none", "", "")],
            ("what", "name", "reachable from"),
        ),
        table("ways out of the VPC", [(x.who, x.ports, x.where) for x in summary.ways_out], WAYS_OUT),
        _quotas(summary),
        images_text.one_line(summary.images),
        table("to be known", [(x.what, x.text) for x in summary.notices], NOTICES),
        _unknowns(summary),
    ]
    if summary.opaque:
        sections.append(_wrapped("opaque: children not in the plan", summary.opaque))
    return "\n\n".join([head, *(section for section in sections if section)]) + "\n"


def as_json(summary: Summary) -> str:
    """The summary as data."""
    own = {"quotas": quota_text.records(summary.quotas), "images": images_text.records(summary.images)}
    plain = {
        field.name: _plain(getattr(summary, field.name)) for field in fields(summary) if field.name not in own
    }
    return json.dumps(plain | own, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


LAYERS = ("layer", "resources", "AWS", "Kubernetes")
CHARTS = ("release", "version", "namespace", "chart")
POOLS = ("pool", "GPUs at most", "other limits")
WAYS_OUT = ("who", "ports", "where to")
NOTICES = ("object", "notice")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in cast("tuple[Any, ...]", value)]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _quotas(summary: Summary) -> str:
    shown = table(quota_text.TITLE, quota_text.rows(summary.quotas), quota_text.COLUMNS)
    return shown if summary.quotas.declared or not shown else f"{shown}\n  {quota_text.UNDECLARED}"


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
