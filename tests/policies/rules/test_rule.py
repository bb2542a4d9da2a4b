from __future__ import annotations

import ast
from pathlib import Path

import pytest

from policies.rules.catalogue import RULES
from policies.rules.rule import Facts, Finding, Outcome, Rule, Severity, worst
from tests.policies.rules.facts import facts, resource

RULES_DIRECTORY = Path(__file__).parents[3] / "policies" / "rules"


def test_the_worst_answer_decides_and_unknown_is_never_a_pass() -> None:
    assert worst([]) is Outcome.PASS
    assert worst([Outcome.PASS, Outcome.UNKNOWN]) is Outcome.UNKNOWN
    assert worst([Outcome.UNKNOWN, Outcome.VIOLATION, Outcome.PASS]) is Outcome.VIOLATION


@pytest.mark.parametrize(
    ("unknown", "asked", "answer"),
    [
        ("spec.schedule", ("spec",), True),
        ("spec", ("spec", "schedule"), True),
        ("rules[0].schedule", ("rules",), True),
        ("specs", ("spec",), False),
        ("spec.other", ("spec", "schedule"), False),
    ],
)
def test_what_is_known_only_in_part_is_unknown(unknown: str, asked: tuple[str, ...], answer: bool) -> None:
    assert resource("t", "n", {}, unknown=[unknown]).is_unknown(*asked) is answer


def test_a_path_that_leads_nowhere_is_nothing() -> None:
    one = resource("t", "n", {"spec": {"a": [1]}})
    assert one.get("spec", "a") == [1]
    assert one.get("spec", "a", "b") is None
    assert one.get("other") is None


def test_findings_do_not_depend_on_the_order_of_a_plan() -> None:
    def judge(given: Facts) -> list[Finding]:
        return [Finding(one.name, Outcome.PASS, "") for one in given.resources]

    rule = Rule(id="r", severity=Severity.HIGH, reason="", remedy="", judge=judge)
    a, b = resource("t", "a", {}), resource("t", "b", {})
    assert rule.findings(facts(a, b)) == rule.findings(facts(b, a))


def test_rules_have_names_of_their_own_and_say_why_and_what_to_do() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.id.isidentifier(), rule.id
        assert len(rule.reason) > 20, rule.id
        assert len(rule.remedy) > 20, rule.id


def test_rules_import_nothing_of_this_project_but_each_other() -> None:
    for path in RULES_DIRECTORY.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name.split(".")[0] not in {"agentic", "components", "stacks"}, path.name
                assert not name.startswith("policies") or name.startswith("policies.rules."), path.name
