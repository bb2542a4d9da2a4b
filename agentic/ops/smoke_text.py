"""A report of the smoke test for people and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from agentic.ops.smoke import Outcome, Report, Result

_MARKS = {Outcome.RIGHT: "ok", Outcome.WRONG: "DIFFERS", Outcome.UNKNOWN: "UNKNOWN"}


def as_text(report: Report) -> str:
    """A line for each expectation of each tenant, what differs first, and a sum."""
    lines: list[str] = []
    order = {Outcome.WRONG: 0, Outcome.UNKNOWN: 1, Outcome.RIGHT: 2}
    # Two pods of a tenant find the same: one line says it.
    seen = sorted(
        {_line(one): one for one in report.results}.items(), key=lambda pair: order[pair[1].outcome]
    )
    lines += [line for line, _ in seen]
    if report.left_out:
        lines += ["", "not tried:", *(f"  {one}" for one in report.left_out)]
    counted = Counter(one.outcome for _, one in seen)
    lines += ["", ", ".join(f"{counted[outcome]} {outcome.value}" for outcome in Outcome)]
    return "\n".join(lines)


def _line(one: Result) -> str:
    return (
        f"{_MARKS[one.outcome]:<8} {one.tenant}  {one.name}  {one.target}: "
        f"expected {one.expected}, found {one.found} ({one.how})"
    )


def as_json(report: Report) -> dict[str, Any]:
    """The same as data."""
    return {
        "exit_code": report.exit_code,
        "results": [{**asdict(one), "outcome": one.outcome.value} for one in report.results],
        "left_out": list(report.left_out),
    }
