"""What the rules found, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from policies.rules.rule import Facts, Finding, Outcome, Rule, worst

WIDTH = 110
SHOWN = (Outcome.VIOLATION, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule and all it found."""

    rule: Rule
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of its findings."""
        return worst(one.outcome for one in self.findings)


@dataclass(frozen=True, slots=True)
class Report:
    """Every rule over one plan."""

    stack: str
    judged: tuple[Judged, ...]
    notes: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The worst of all."""
        return worst(one.outcome for one in self.judged)

    def count(self, outcome: Outcome) -> int:
        """How many things were judged so."""
        return sum(one.outcome is outcome for judged in self.judged for one in judged.findings)


def judge(stack: str, rules: Sequence[Rule], facts: Facts, notes: tuple[str, ...] = ()) -> Report:
    """Run the rules; the same facts give the same report."""
    return Report(stack, tuple(Judged(rule, rule.findings(facts)) for rule in rules), notes)


def as_text(report: Report, *, everything: bool = False) -> str:
    """Violations first, each rule with why it matters and what to do; passes only when asked for."""
    counts = ", ".join(f"{report.count(outcome)} {_PLURAL[outcome]}" for outcome in (*SHOWN, Outcome.PASS))
    lines = [f"{report.stack}: {counts}; {len(report.judged)} rules"]
    for judged in report.judged:
        shown = [one for one in judged.findings if everything or one.outcome in SHOWN]
        if shown:
            lines += ["", f"{judged.rule.id} ({judged.rule.severity.value}): {judged.rule.reason}"]
            lines += [line for one in sorted(shown, key=_rank) for line in _finding(one)]
            if judged.outcome is not Outcome.PASS:
                lines += _indented(f"remedy: {judged.rule.remedy}", "  ")
    lines += [line for note in report.notes for line in ("", *_indented(f"note: {note}", ""))]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """The whole report."""
    counts = Counter(one.outcome.value for judged in report.judged for one in judged.findings)
    return {
        "stack": report.stack,
        "outcome": report.outcome.value,
        "counts": {outcome.value: counts[outcome.value] for outcome in Outcome},
        "notes": list(report.notes),
        "rules": [
            {
                "id": judged.rule.id,
                "severity": judged.rule.severity.value,
                "reason": judged.rule.reason,
                "remedy": judged.rule.remedy,
                "outcome": judged.outcome.value,
                "findings": [
                    {"where": one.where, "outcome": one.outcome.value, "detail": one.detail}
                    for one in judged.findings
                ],
            }
            for judged in report.judged
        ],
    }


_PLURAL = {Outcome.VIOLATION: "violations", Outcome.UNKNOWN: "unknown", Outcome.PASS: "passed"}


def _rank(finding: Finding) -> tuple[int, Finding]:
    return (*SHOWN, Outcome.PASS).index(finding.outcome), finding


def _finding(finding: Finding) -> list[str]:
    return [
        f"  {finding.outcome.value}: {finding.where}",
        *_indented(finding.detail, "    "),
    ]


def _indented(text: str, margin: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=margin, subsequent_indent=f"{margin}  ", break_long_words=False)
