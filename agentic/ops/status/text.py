"""A status on one screen: the verdict first, what is wrong next, the rest as counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agentic.ops.status.finding import Finding, Section, State
from agentic.ops.status.status import Component, Status
from agentic.plan.table_text import table

MOST_FINDINGS = 30
_VERDICTS = {
    State.OK: "healthy",
    State.NOT_COVERED: "as planned, as far as can be seen here",
    State.DEGRADED: "degraded",
    State.UNKNOWN: "cannot tell",
}


def as_text(status: Status) -> str:
    """The status for people; plain, so that it can be pasted anywhere."""
    expected = status.expected
    head = f"{expected.stack} ({expected.cluster}, {expected.region}): {_verdict(status)}"
    lines = [head, f"read through {status.source}", *([status.label] if status.label else []), ""]
    lines += _problems(status.findings)
    lines += [*_sections(status.sections), ""]
    lines += [
        table(
            "components",
            [_row(one) for one in status.components],
            ("component", "releases", "workloads", "state"),
        )
    ]
    return "\n".join(_shown(line) for line in "\n".join(lines).splitlines()) + "\n"


def as_json(status: Status) -> dict[str, Any]:
    """The status for programs."""
    expected = status.expected
    return {
        "stack": expected.stack,
        "cluster": expected.cluster,
        "account": expected.account_id,
        "region": expected.region,
        "source": status.source,
        "label": status.label or None,
        "state": status.state.value,
        "exitCode": status.exit_code,
        "components": [
            {
                "name": one.name,
                "releases": one.releases,
                "workloads": one.workloads,
                "state": one.state.value,
                "findings": one.findings,
            }
            for one in status.components
        ],
        "sections": [
            {
                "area": section.area,
                "state": section.state.value,
                "line": section.line,
                "details": list(section.details),
                "findings": [_record(finding) for finding in section.findings],
            }
            for section in status.sections
        ],
    }


def _verdict(status: Status) -> str:
    counts = {
        state: sum(finding.state is state for finding in status.findings)
        for state in (State.DEGRADED, State.UNKNOWN)
    }
    said = [
        f"{count} {'problem' if count == 1 else 'problems'}"
        if state is State.DEGRADED
        else f"{count} unknown"
        for state, count in counts.items()
        if count
    ]
    verdict = _VERDICTS[status.state]
    return f"{verdict}: {', '.join(said)}" if said else verdict


def _problems(findings: Iterable[Finding]) -> list[str]:
    ranked = sorted(
        (finding for finding in findings if finding.state in (State.DEGRADED, State.UNKNOWN)),
        key=lambda finding: finding.state is not State.DEGRADED,
    )
    lines: list[str] = []
    for finding in ranked[:MOST_FINDINGS]:
        mark = "!!" if finding.state is State.DEGRADED else "??"
        lines.append(f"{mark} {finding.area}: {finding.what}: {finding.said}")
        if finding.next:
            lines.append(f"     {finding.next}")
    left = len(ranked) - MOST_FINDINGS
    if left > 0:
        lines.append(f"   and {left} more: --format json has all")
    return [*lines, ""] if lines else []


def _sections(sections: Iterable[Section]) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines.append(f"{section.area:<14}{section.line}")
        lines += [f"{'':<16}{detail}" for detail in section.details]
    return lines


def _row(one: Component) -> tuple[str, str, str, str]:
    problems = f", {one.findings} found" if one.findings else ""
    return one.name, str(one.releases), str(one.workloads), f"{one.state.value}{problems}"


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "what": finding.what,
        "state": finding.state.value,
        "said": finding.said,
        "component": finding.component or None,
        "next": finding.next or None,
    }


def _shown(line: str) -> str:
    """What pods and controllers say stands here: nothing of it can steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in line)
