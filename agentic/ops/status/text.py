"""A status on one screen: the verdict first, what is wrong next, the rest as counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agentic.ops.status.finding import ORDER, Finding, Section, State
from agentic.ops.status.status import Component, Status

MOST_GROUPS = 15
MOST_NAMES = 5
MOST_DETAILS = 8
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
    lines += _components(status.components)
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
    """What is certainly wrong first; things that are wrong in the same way together."""
    alike: dict[tuple[bool, str, str, str], list[str]] = {}
    for finding in findings:
        if finding.state in (State.DEGRADED, State.UNKNOWN):
            is_doubt = finding.state is State.UNKNOWN
            alike.setdefault((is_doubt, finding.area, finding.said, finding.next), []).append(finding.what)
    ranked = sorted(alike.items(), key=lambda item: item[0][0])
    lines: list[str] = []
    for (is_doubt, area, said, next_step), what in ranked[:MOST_GROUPS]:
        names = ", ".join(what[:MOST_NAMES]) + (
            f" and {len(what) - MOST_NAMES} more" if len(what) > MOST_NAMES else ""
        )
        lines.append(f"{'??' if is_doubt else '!!'} {area}: {names}: {said}")
        if next_step:
            lines.append(f"     {next_step}")
    left = len(ranked) - MOST_GROUPS
    if left > 0:
        lines.append(f"   and {left} more: --format json has all")
    return [*lines, ""] if lines else []


def _sections(sections: Iterable[Section]) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines.append(f"{section.area:<14}{section.line}")
        lines += [f"{'':<16}{detail}" for detail in section.details[:MOST_DETAILS]]
        left = len(section.details) - MOST_DETAILS
        lines += [f"{'':<16}and {left} more"] if left > 0 else []
    return lines


def _components(components: Iterable[Component]) -> list[str]:
    """Those with something wrong by name and number, the rest by name."""
    by_state: dict[State, list[str]] = {}
    for one in components:
        found = f" ({one.findings})" if one.findings else ""
        by_state.setdefault(one.state, []).append(f"{one.name}{found}")
    ranked = sorted(by_state, key=ORDER.index, reverse=True)
    return ["components", *(f"  {state.value:<14}{', '.join(by_state[state])}" for state in ranked)]


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
