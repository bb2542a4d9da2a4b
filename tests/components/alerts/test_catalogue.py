"""Both ways: nothing is asked of Prometheus that nobody exports, and nothing is watched that is not there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.alerts.catalogue import alert_faults, catalogue, in_stack
from components.alerts.rules import Alert, Group, Recording, Rule, alerts, recorded
from components.alerts.spec import AlertsSpec
from components.charts.metrics import exported, unknown
from tests.components.alerts.conftest import CATALOGUE, PRICES, SOURCES, SPEC
from tests.components.alerts.promql import names, used

PARTS = frozenset(source.component for source in SOURCES) | {"models"}
RULES = [rule for group in CATALOGUE for rule in group.rules]
DECLARED = frozenset(source.component for source in SOURCES)
AWAITED = frozenset({"models"}) - DECLARED
"""Parts that nobody declares series of yet: theirs are taken on trust. This list may only become shorter."""


def missing(groups: tuple[Group, ...], parts: frozenset[str]) -> list[str]:
    """What these groups ask for that a stack with these parts has not; recorded series count as had."""
    asked = used(groups) - recorded(groups)
    trusted = {name for name in asked if name.startswith("vllm:") and AWAITED & parts}
    return unknown(asked - trusted, SOURCES, parts)


def test_every_series_that_a_rule_asks_for_is_exported_by_the_parts_it_needs() -> None:
    for group in CATALOGUE:
        for rule in group.rules:
            alone = Group(name=group.name, rules=(rule,))
            asked = names(rule.expr) - recorded(CATALOGUE)
            if not rule.needs & AWAITED:
                assert unknown(asked, SOURCES, rule.needs) == [], f"{rule.name} of {alone.name}"


def test_a_rule_needs_no_part_that_it_asks_nothing_of() -> None:
    for rule in RULES:
        # Prometheus evaluates; a store's workload is known by its name in what kube-state-metrics exports.
        for part in () if _a_workload(rule) else rule.needs - AWAITED - {"prometheus"}:
            rest = rule.needs - {part}
            asked = names(rule.expr)
            gone = unknown(asked - recorded(CATALOGUE), SOURCES, rest)
            assert gone or asked & recorded(CATALOGUE) or _only_up(asked), (
                f"{rule.name} asks nothing of {part}"
            )


def _a_workload(rule: Rule) -> bool:
    return bool(
        names(rule.expr)
        <= {"kube_deployment_status_replicas_available", "kube_statefulset_status_replicas_ready"}
    )


def _only_up(asked: frozenset[str]) -> bool:
    """`up` is everybody's: which job is meant stands in the selector."""
    return asked == {"up"}


def test_parts_that_nobody_declares_are_those_we_wait_for() -> None:
    needed = frozenset().union(*(rule.needs for rule in RULES))
    assert needed - DECLARED == AWAITED


@settings(max_examples=80, deadline=None)
@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_whatever_is_installed_every_rule_of_the_stack_has_its_series(parts: set[str]) -> None:
    present = frozenset(parts)
    assert missing(in_stack(SPEC, present, PRICES), present) == []


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_that_goes_takes_its_rules_with_it_and_no_others(part: str) -> None:
    whole = {rule.name: rule for group in in_stack(SPEC, PARTS, PRICES) for rule in group.rules}
    left = {rule.name for group in in_stack(SPEC, PARTS - {part}, PRICES) for rule in group.rules}
    assert left == {name for name, rule in whole.items() if part not in rule.needs}


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_that_is_scraped_is_watched(part: str) -> None:
    assert any(part in rule.needs for rule in RULES if isinstance(rule, Alert)), (
        f"{part} exports series and no alert looks at one: add an alert, or leave its monitor out"
    )


def test_a_stack_without_prometheus_has_no_rules() -> None:
    assert in_stack(SPEC, PARTS - {"prometheus"}, PRICES) == ()


def test_a_series_of_a_rule_is_computed_before_it_is_used() -> None:
    for group in CATALOGUE:
        seen: set[str] = set()
        own = recorded([group])
        for rule in group.rules:
            assert names(rule.expr) & own <= seen, f"{rule.name} uses what this group computes after it"
            if isinstance(rule, Recording):
                seen.add(rule.name)


def test_no_name_is_given_twice() -> None:
    named = [alert.name for alert in alerts(CATALOGUE)]
    assert len(named) == len(set(named))
    assert len({group.name for group in CATALOGUE}) == len(CATALOGUE)


def test_no_exporter_has_a_series_of_a_rules_name() -> None:
    assert not recorded(CATALOGUE) & exported(SOURCES, PARTS)


def test_what_is_divided_and_has_a_bucket_is_a_sum_first() -> None:
    for rule in RULES:
        if "histogram_quantile" in rule.expr:
            assert "histogram_quantile(0.99, sum by (le, " in rule.expr, rule.name


def test_an_alert_that_is_not_wanted_is_left_out_and_a_misspelt_one_is_a_fault() -> None:
    spec = AlertsSpec(off=frozenset({"GpuHeldIdle", "GpuIdleHeld"}))
    assert "GpuHeldIdle" not in {alert.name for alert in alerts(in_stack(spec, PARTS))}
    (fault,) = alert_faults(spec)
    assert str(fault).startswith(
        "observability.alerts.off: GpuIdleHeld is no alert of the platform; name one of AgentHighErrorRate, "
    )


def test_limits_that_the_stack_says_are_those_that_are_asked_for() -> None:
    spec = AlertsSpec(agent_latency_seconds=2.5, agent_error_ratio=0.2, minimum_requests=7)
    by_name = {alert.name: alert for alert in alerts(catalogue(spec))}
    assert "> 2.5\nand" in by_name["AgentHighLatency"].expr
    assert "> 0.2\nand" in by_name["AgentHighErrorRate"].expr
    assert by_name["AgentHighErrorRate"].expr.endswith(">= 7")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "agent-slow"}, "agent-slow: an alert's name is words in a row, each with a capital"),
        ({"hold": "5 minutes"}, "`hold` is a number with s, m, h or d, not '5 minutes'"),
        ({"needs": frozenset()}, "name the parts that export its series"),
        ({"summary": "It is slow."}, "`summary` is one line without a full stop"),
    ],
)
def test_an_alert_that_could_not_be_answered_is_refused(change: dict[str, object], said: str) -> None:
    good: dict[str, object] = {
        "name": "AgentSlow",
        "expr": "up == 0",
        "hold": "5m",
        "severity": "warning",
        "summary": "It is slow",
        "needs": frozenset({"otel"}),
    }
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        Alert(**{**good, **change})  # type: ignore[arg-type]


def test_a_recorded_series_is_named_as_no_exporter_names_one() -> None:
    with pytest.raises(ValueError, match="tenant_cost: name it level:metric:operation"):
        Recording(name="tenant_cost", expr="up", needs=frozenset({"otel"}))


def test_every_rule_selects_by_name() -> None:
    with pytest.raises(ValueError, match="a selector without a name"):
        names('{job="x"}')
    nameless = [rule.name for rule in RULES if not names(rule.expr) and not rule.expr.startswith("vector(")]
    assert nameless == []
