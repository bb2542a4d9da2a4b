from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from agentic.promtool import Promtool, RulesRefused
from components.alerts.catalogue import in_stack
from components.alerts.render import rule_file
from components.alerts.rules import Alert, Group
from components.alerts.spec import AlertsSpec
from tests.components.alerts.cases import CASES
from tests.components.alerts.conftest import CATALOGUE, PRICES, SPEC, fires, series


def test_rules_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert snapshot == rule_file(SPEC, CATALOGUE)


@pytest.mark.promtool
def test_prometheus_would_load_every_rule(promtool: Promtool, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(rule_file(SPEC, CATALOGUE)))
    rules = sum(len(group.rules) for group in CATALOGUE)
    assert f"{rules} rules found" in promtool.check_rules(path)


@pytest.mark.promtool
def test_an_expression_that_is_none_is_refused_with_its_place(promtool: Promtool, tmp_path: Path) -> None:
    broken = Alert(
        name="Broken",
        expr="sum by (rate(x[5m]))",
        hold="5m",
        severity="warning",
        summary="x",
        needs=frozenset({"a"}),
    )
    path = tmp_path / "rules.yaml"
    path.write_text(json.dumps(rule_file(SPEC, [Group(name="broken", rules=(broken,))])))
    with pytest.raises(RulesRefused, match=r'(?s)"Broken": could not parse expression.*remedy: '):
        promtool.check_rules(path)


@pytest.mark.promtool
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("TenantQuotaNearlyFull", "Tenant acme uses 98% of its quota of pods"),
        ("VolumeFillingUp", "Volume ai-data/v has 15.6% left and will be full within a week"),
        ("GpuHardwareError", "GPU 3 (GPU-1) reports XID 79"),
        ("BackupTooOld", "The last good backup of schedule hourly is 2h 59m 0s old"),
    ],
)
def test_a_summary_reads_as_a_sentence(promtool: Promtool, tmp_path: Path, name: str, said: str) -> None:
    case = CASES[name]
    alert = next(rule for group in CATALOGUE for rule in group.rules if rule.name == name)
    assert isinstance(alert, Alert)
    expected = fires(name, case.at, case.labels, severity=alert.severity)
    expected["exp_alerts"][0]["exp_annotations"] = {
        "summary": said,
        "runbook_url": f"{SPEC.runbook_base_url}{name}.md",
    }
    (tmp_path / "rules.yaml").write_text(json.dumps(rule_file(SPEC, [Group(name="alone", rules=(alert,))])))
    test = {"interval": "1m", "input_series": series(case.fires), "alert_rule_test": [expected]}
    (tmp_path / "test.yaml").write_text(json.dumps({"rule_files": ["rules.yaml"], "tests": [test]}))
    promtool.test_rules(tmp_path / "test.yaml")


def test_a_runbook_is_where_the_stack_says_runbooks_are() -> None:
    spec = AlertsSpec(runbook_base_url="https://wiki.example.com/runbooks/")
    (group,) = (group for group in in_stack(spec, {"prometheus", "otel"}, PRICES) if group.name == "agents")
    rendered: dict[str, Any] = rule_file(spec, [group])
    assert rendered["groups"][0]["rules"][0]["annotations"]["runbook_url"] == (
        "https://wiki.example.com/runbooks/AgentHighLatency.md"
    )
