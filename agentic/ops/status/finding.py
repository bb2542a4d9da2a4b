"""What was found out about one thing, and what that means for the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is; the later one of two is what counts for both."""

    OK = "ok"
    NOT_COVERED = "not covered"
    """Nobody here could know: said, and no reason for an alarm."""
    UNKNOWN = "unknown"
    """It could be known, and was not found out."""
    DEGRADED = "degraded"


ORDER = tuple(State)
EXIT_CODES = {State.OK: 0, State.NOT_COVERED: 0, State.DEGRADED: 1, State.UNKNOWN: 2}
"""For scripts: 0 healthy, 1 degraded, 2 cannot tell."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as planned, or could not be found out."""

    area: str
    what: str
    state: State
    said: str
    component: str = ""
    next: str = ""
    """What to run or read to go on from here."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One area: a line that sums it up, and what in it needs reading."""

    area: str
    line: str
    findings: tuple[Finding, ...] = ()
    details: tuple[str, ...] = ()
    """More lines that are no findings: use of quotas, pools, tenants."""

    @property
    def state(self) -> State:
        """The worst of its findings."""
        return worst(finding.state for finding in self.findings)


def worst(states: Iterable[State]) -> State:
    """What the whole is when its parts are these; nothing at all is fine."""
    return max(states, key=ORDER.index, default=State.OK)
