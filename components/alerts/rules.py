"""Rules as typed data: what is asked of Prometheus, how bad a yes is, and which parts have to be there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["critical", "warning"]
"""`critical` wakes somebody: users are hurt now, or data is lost. `warning` is for working hours."""

_ALERT = re.compile(r"[A-Z][A-Za-z0-9]+")
_RECORD = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_]+)+")
_DURATION = re.compile(r"[1-9][0-9]*[smhd]")


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One reason to call somebody."""

    name: str
    expr: str
    hold: str
    """How long it has to be true; what Prometheus calls `for`."""
    severity: Severity
    summary: str
    """One line, with the labels that tell this case from the others."""
    needs: frozenset[str]
    """The parts that export what `expr` asks for."""

    def __post_init__(self) -> None:
        """A name that can be a page's, a duration that Prometheus reads, and somebody who exports."""
        if _ALERT.fullmatch(self.name) is None:
            raise ValueError(f"{self.name}: an alert's name is words in a row, each with a capital")
        if _DURATION.fullmatch(self.hold) is None:
            raise ValueError(f"{self.name}: `hold` is a number with s, m, h or d, not {self.hold!r}")
        if not self.needs:
            raise ValueError(f"{self.name}: name the parts that export its series")
        if not self.summary or self.summary.endswith("."):
            raise ValueError(f"{self.name}: `summary` is one line without a full stop")


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One series that is computed ahead: named by what it is counted by, what it is, and how."""

    name: str
    expr: str
    needs: frozenset[str]
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """A name with colons, which no exporter may use: so that nobody takes one for the other."""
        if _RECORD.fullmatch(self.name) is None:
            raise ValueError(f"{self.name}: name it level:metric:operation, in lower case")
        if not self.needs:
            raise ValueError(f"{self.name}: name the parts that export its series")


Rule = Alert | Recording


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rules that are evaluated in this order and at one moment: a later one may use an earlier one."""

    name: str
    rules: tuple[Rule, ...]
    interval: str | None = None
    """None: as often as Prometheus scrapes."""

    def within(self, parts: Collection[str]) -> Group:
        """The group as far as these parts carry it."""
        present = frozenset(parts)
        kept = tuple(rule for rule in self.rules if rule.needs <= present)
        return Group(name=self.name, rules=kept, interval=self.interval)


def alerts(groups: Collection[Group]) -> tuple[Alert, ...]:
    """Every alert of these groups, in their order."""
    return tuple(rule for group in groups for rule in group.rules if isinstance(rule, Alert))


def recorded(groups: Collection[Group]) -> frozenset[str]:
    """The names of the series that these groups compute."""
    return frozenset(rule.name for group in groups for rule in group.rules if isinstance(rule, Recording))
