from __future__ import annotations

import re
from typing import Any

import pytest

from agentic.promtool import RulesRefused
from components.alerts.rules import Alert, alerts
from tests.components.alerts.cases import CASES, Case
from tests.components.alerts.conftest import CATALOGUE, Evaluated, fires, series

pytestmark = pytest.mark.promtool

ALERTS = {alert.name: alert for alert in alerts(CATALOGUE)}
ELSEWHERE = {
    "AgentHighErrorRate",
    "AgentHighLatency",
    "ModelCallsFailing",
    "ModelQueueGrowing",
    "TenantSpendSurge",
    "TokensWithoutPrice",
}
"""Evaluated in test_agents and test_costs, each in more than one case."""
ONLY_ONE = {"ValkeyDown"}
"""A stack has one of these."""
_LABEL = re.compile(r"\$labels\.(\w+)")


def firing(alert: Alert, case: Case) -> dict[str, Any]:
    expected = fires(alert.name, case.at, case.labels, severity=alert.severity)
    return {"name": f"{alert.name} fires", "input_series": series(case.fires), "alert_rule_test": [expected]}


def silent(alert: Alert, case: Case) -> dict[str, Any]:
    expected = fires(alert.name, case.at, severity=alert.severity)
    return {
        "name": f"{alert.name} is silent",
        "input_series": series(case.silent),
        "alert_rule_test": [expected],
    }


def test_every_alert_is_evaluated() -> None:
    assert CASES.keys() | ELSEWHERE == ALERTS.keys()
    assert not CASES.keys() & ELSEWHERE


def test_every_alert_fires_when_it_should_and_only_then(rules: Evaluated) -> None:
    rules.each_holds(
        {name: (firing(ALERTS[name], case), silent(ALERTS[name], case)) for name, case in CASES.items()}
    )


@pytest.mark.parametrize("name", ["NodePoolNearLimit", "CertificateExpiring", "PodsWaitForGpus"])
def test_a_case_that_does_not_hold_is_told_with_what_was_found(rules: Evaluated, name: str) -> None:
    wrong = Case(fires=CASES[name].silent, labels=CASES[name].labels, silent={})
    with pytest.raises(RulesRefused, match=rf"(?s)alertname: {name}.*remedy: correct the rule"):
        rules.each_holds({name: (firing(ALERTS[name], wrong),)})


def test_a_summary_names_only_labels_that_the_alert_has() -> None:
    for name, case in CASES.items():
        asked = set(_LABEL.findall(ALERTS[name].summary))
        assert asked <= case.labels.keys(), f"{name}: {asked - case.labels.keys()} would be empty"


def test_an_alert_about_one_thing_of_many_says_which() -> None:
    for name, case in CASES.items():
        named = _LABEL.findall(ALERTS[name].summary)
        alone = name in ONLY_ONE or not case.labels
        assert named or alone, f"{name} does not say which {sorted(case.labels)}"
