"""Rules as Prometheus' operator takes them, and as Prometheus itself reads them from a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components.alerts.rules import Alert, Group, Rule
from components.alerts.spec import AlertsSpec

GROUP_PREFIX = "agentic-"
"""Groups of the chart have names of their own; two with one name in one file would be refused."""


def rule_file(spec: AlertsSpec, groups: Iterable[Group]) -> dict[str, Any]:
    """The `spec` of a PrometheusRule, which is also a rule file."""
    return {"groups": [_group(spec, group) for group in groups]}


def _group(spec: AlertsSpec, group: Group) -> dict[str, Any]:
    return {
        "name": f"{GROUP_PREFIX}{group.name}",
        **({"interval": group.interval} if group.interval else {}),
        "rules": [_rule(spec, rule) for rule in group.rules],
    }


def _rule(spec: AlertsSpec, rule: Rule) -> dict[str, Any]:
    if isinstance(rule, Alert):
        return {
            "alert": rule.name,
            "expr": rule.expr,
            "for": rule.hold,
            "labels": {"severity": rule.severity},
            "annotations": {"summary": rule.summary, "runbook_url": runbook(spec, rule)},
        }
    labels = {"labels": dict(rule.labels)} if rule.labels else {}
    return {"record": rule.name, "expr": rule.expr, **labels}


def runbook(spec: AlertsSpec, alert: Alert) -> str:
    """Where somebody who was woken reads what to do."""
    return f"{spec.runbook_base_url}{alert.name}.md"
