from __future__ import annotations

from datetime import date

from agentic.check.report import as_json, as_text, judge
from policies.rules.rule import Facts, Finding, Outcome, Rule, Severity

FACTS = Facts(resources=(), today=date(2026, 11, 23))


def rule(name: str, *findings: Finding) -> Rule:
    return Rule(
        id=name,
        severity=Severity.HIGH,
        reason=f"why {name}",
        remedy=f"mend {name}",
        judge=lambda _: findings,
    )


BAD = rule(
    "bad",
    Finding("a", Outcome.UNKNOWN, "not known"),
    Finding("b", Outcome.VIOLATION, "wrong"),
    Finding("c", Outcome.PASS, "fine"),
)
GOOD = rule("good", Finding("d", Outcome.PASS, "fine"))


def test_violations_come_first_with_why_and_what_to_do() -> None:
    assert as_text(judge("dev", (BAD, GOOD), FACTS)) == (
        "dev: 1 violations, 1 unknown, 2 passed; 2 rules\n"
        "\n"
        "bad (high): why bad\n"
        "  violation: b\n"
        "    wrong\n"
        "  unknown: a\n"
        "    not known\n"
        "  remedy: mend bad\n"
    )


def test_what_passed_is_told_when_asked_for_and_needs_no_remedy() -> None:
    text = as_text(judge("dev", (GOOD,), FACTS, ("a note",)), everything=True)
    assert text == (
        "dev: 0 violations, 0 unknown, 1 passed; 1 rules\n"
        "\n"
        "good (high): why good\n"
        "  pass: d\n"
        "    fine\n"
        "\n"
        "note: a note\n"
    )


def test_programs_get_every_finding() -> None:
    said = as_json(judge("dev", (BAD, GOOD), FACTS, ("a note",)))
    assert (said["stack"], said["outcome"], said["notes"]) == ("dev", "violation", ["a note"])
    assert said["counts"] == {"pass": 2, "unknown": 1, "violation": 1}
    assert [one["outcome"] for one in said["rules"]] == ["violation", "pass"]
    assert said["rules"][0]["findings"][1] == {"where": "b", "outcome": "violation", "detail": "wrong"}
    assert said["rules"][0]["remedy"] == "mend bad"
