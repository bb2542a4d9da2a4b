"""Both ways: no panel asks for what nobody exports, and none is shown in a stack where nobody would answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.alerts.catalogue import in_stack as rules_in_stack
from components.alerts.rules import recorded
from components.charts.metrics import unknown
from components.dashboards.catalogue import DASHBOARDS, in_stack
from components.dashboards.panels import Dashboard, Panel, Query, Row
from tests.components.alerts.conftest import CATALOGUE, PRICES, SOURCES, SPEC
from tests.components.alerts.promql import names

PARTS = frozenset(source.component for source in SOURCES) | {"alerts", "models"}
AWAITED = frozenset({"models"}) - {source.component for source in SOURCES}
"""Parts that nobody declares series of yet: theirs are taken on trust."""
PANELS = [panel for dashboard in DASHBOARDS for row in dashboard.rows for panel in row.panels]
_MACROS = {"$__rate_interval": "5m", "$__range": "1h"}
_VARIABLE = re.compile(r'"\$([a-z]+)"')


def asked(panel: Panel) -> frozenset[str]:
    """The series of a panel, with Grafana's macros as it would fill them in."""
    found: set[str] = set()
    for query in panel.queries:
        expr = query.expr
        for macro, value in _MACROS.items():
            expr = expr.replace(macro, value)
        found |= names(expr)
    return frozenset(found)


def missing(used: frozenset[str], parts: frozenset[str]) -> list[str]:
    """What a stack with these parts does not have; a stack with alerts has what its rules record."""
    computed = recorded(rules_in_stack(SPEC, parts, PRICES)) if "alerts" in parts else frozenset[str]()
    trusted = {name for name in used if name.startswith("vllm:") and AWAITED & parts}
    return unknown(used - computed - trusted, SOURCES, parts)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_a_panels_series_are_exported_by_the_parts_it_needs(panel: Panel) -> None:
    assert missing(asked(panel), panel.needs) == []


@settings(max_examples=80, deadline=None)
@given(st.sets(st.sampled_from(sorted(PARTS))))
def test_whatever_is_installed_every_panel_shown_is_answered(parts: set[str]) -> None:
    present = frozenset(parts)
    for dashboard in in_stack(present):
        for row in dashboard.rows:
            for panel in row.panels:
                assert missing(asked(panel), present) == [], panel.title
        for variable in dashboard.variables:
            assert missing(frozenset({variable.series}), present) == [], variable.name


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_that_goes_takes_its_panels_with_it_and_no_others(part: str) -> None:
    left = {panel.title for shown in in_stack(PARTS - {part}) for row in shown.rows for panel in row.panels}
    assert left == {panel.title for panel in PANELS if part not in panel.needs}


def test_a_choice_is_there_wherever_a_panel_asks_for_it() -> None:
    for dashboard in DASHBOARDS:
        choices = {variable.name: variable.needs for variable in dashboard.variables}
        for row in dashboard.rows:
            for panel in row.panels:
                for query in panel.queries:
                    for name in _VARIABLE.findall(query.expr):
                        assert choices[name] <= panel.needs, f"{panel.title}: ${name} may not be there"


def test_every_choice_is_used() -> None:
    for dashboard in DASHBOARDS:
        text = " ".join(
            query.expr for row in dashboard.rows for panel in row.panels for query in panel.queries
        )
        for variable in dashboard.variables:
            assert f'"${variable.name}"' in text, f"{dashboard.uid}: ${variable.name}"


def test_every_recorded_series_but_prices_and_steps_is_looked_at() -> None:
    """Rules compute ahead for somebody: for a panel, an alert, or another rule."""
    used = {name for panel in PANELS for name in asked(panel)}
    used |= {name for group in CATALOGUE for rule in group.rules for name in names(rule.expr)}
    assert recorded(CATALOGUE) <= used


def test_the_dashboards_answer_what_they_are_for() -> None:
    by_uid = {dashboard.uid: dashboard for dashboard in DASHBOARDS}
    assert [dashboard.title for dashboard in DASHBOARDS] == [
        "Agent Overview",
        "LLM Performance",
        "Relay",
        "Resource Usage",
        "Cost Tracking",
    ]
    titles = {uid: {p.title for row in one.rows for p in row.panels} for uid, one in by_uid.items()}
    assert {"Requests", "Failed requests", "Latency"} <= titles["agent-overview"]
    assert {"Output tokens", "Time of a call", "Time to first token", "KV cache in use"} <= titles[
        "llm-performance"
    ]
    assert {"Time to first token of the probe", "Left of the budget", "Answered from the cache"} <= titles[
        "relay"
    ]
    assert {"CPU", "Memory", "GPU busy", "GPU memory"} <= titles["resource-usage"]
    assert {"Token cost in an hour, by tenant", "Token cost in an hour, by model"} <= titles["cost-tracking"]


def test_quantiles_are_of_sums() -> None:
    for panel in PANELS:
        for query in panel.queries:
            if "histogram_quantile" in query.expr:
                assert re.match(r"histogram_quantile\([0-9.]+, sum by \(le, ", query.expr), panel.title


def test_two_panels_of_one_name_are_refused() -> None:
    panel = Panel(title="CPU", queries=(Query("up"),), unit="none", needs=frozenset({"prometheus"}))
    with pytest.raises(ValueError, match="resource-usage: two panels are called CPU"):
        Dashboard(
            uid="resource-usage",
            title="x",
            about="",
            variables=(),
            rows=(Row(title="a", panels=(panel,)), Row(title="b", panels=(panel,))),
        )


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'Resource Usage' is no address"):
        Dashboard(uid="Resource Usage", title="x", about="", variables=(), rows=())


def test_a_panel_without_a_question_is_refused() -> None:
    with pytest.raises(ValueError, match="CPU: a panel has a query and names the parts that answer it"):
        Panel(title="CPU", queries=(), unit="none", needs=frozenset({"prometheus"}))
