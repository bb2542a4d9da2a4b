from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pulumi_kubernetes as k8s
import pytest
import yaml

from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from components.alerts.alerts import Alerts, AlertsArgs
from components.alerts.spec import AlertsSpec
from components.core.labels import NOTICE_ANNOTATION
from components.prices.catalogue import notice
from tests.components.alerts.conftest import PRICES, SOURCES

PARTS = frozenset(source.component for source in SOURCES)
RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"


def captured(capture: Capture, *, parts: frozenset[str] = PARTS, spec: AlertsSpec | None = None) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("observability", metadata={"name": "observability"})
        Alerts(
            "alerts",
            AlertsArgs(
                spec=spec or AlertsSpec(),
                namespace=namespace.metadata["name"],
                parts=parts,
                prices=PRICES,
                after=(namespace,),
            ),
        )

    return capture(program)


def rules(plan: Plan) -> list[dict[str, Any]]:
    return [
        rule for one in plan.all(RULE) for group in one.inputs["spec"]["groups"] for rule in group["rules"]
    ]


def test_each_group_is_an_object_of_its_own(capture: Capture) -> None:
    made = captured(capture).all(RULE)
    assert len(made) > 5
    for one in made:
        (group,) = one.inputs["spec"]["groups"]
        assert one.inputs["metadata"]["name"] == group["name"]
        assert group["name"].startswith("agentic-")
        assert one.inputs["metadata"]["labels"]["release"] == "kube-prometheus-stack"


def test_rules_wait_for_the_definition_and_the_operator(capture: Capture) -> None:
    plan = captured(capture)
    namespace = plan.one("kubernetes:core/v1:Namespace")
    for one in plan.all(RULE):
        assert namespace.urn in one.dependencies


def test_without_a_part_the_plan_has_none_of_its_rules(capture: Capture) -> None:
    names = {
        rule.get("alert") for rule in rules(captured(capture, parts=PARTS - {"milvus", "dcgm_exporter"}))
    }
    assert "MilvusDown" not in names
    assert "GpuHardwareError" not in names
    assert "ValkeyDown" in names


def test_a_group_without_rules_is_no_object(capture: Capture) -> None:
    plan = captured(capture, parts=PARTS - {"dcgm_exporter"})
    assert "agentic-gpus" not in {one.inputs["metadata"]["name"] for one in plan.all(RULE)}


def test_nothing_in_a_rule_is_unknown_or_secret(capture: Capture) -> None:
    for one in captured(capture).all(RULE):
        assert one.unknowns.keys() <= {"metadata.namespace"}, one.name
        assert not one.secrets


def test_the_component_says_which_alerts_are_on(capture: Capture) -> None:
    def program() -> None:
        made = Alerts(
            "alerts",
            AlertsArgs(
                spec=AlertsSpec(off=frozenset({"AgentHighLatency"})),
                namespace="observability",
                parts={"prometheus", "otel"},
                after=(),
            ),
        )
        assert "AgentHighErrorRate" in made.names
        assert "AgentHighLatency" not in made.names
        assert "MilvusDown" not in made.names

    capture(program)


def faults(value: object, known: dict[str, Any], path: str = "spec") -> list[str]:
    """Fields that the kind does not have, and values that it does not take."""
    found: list[str] = []
    if isinstance(value, dict) and "properties" in known:
        for key, below in cast("dict[str, Any]", value).items():
            fields = known["properties"]
            found += faults(below, fields[key], f"{path}.{key}") if key in fields else [f"{path}.{key}"]
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            found += faults(item, known.get("items", {}), path)
    return found


@pytest.fixture(scope="module")
def kind(reference_crds: Path) -> dict[str, Any]:
    path = reference_crds / "prometheus-operator" / "crd-prometheusrules.yaml"
    definition = yaml.safe_load(path.read_text())
    return definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def test_the_kind_has_every_field_we_set(capture: Capture, kind: dict[str, Any]) -> None:
    def spec(one: Resource) -> dict[str, Any]:
        return one.inputs["spec"]

    for one in captured(capture).all(RULE):
        assert faults(spec(one), kind) == []
    assert faults({"groups": [{"name": "x", "rules": [{"alert": "X", "after": "5m"}]}]}, kind) == [
        "spec.groups.rules.after"
    ]


def test_the_kind_takes_our_durations_and_label_names(capture: Capture, kind: dict[str, Any]) -> None:
    rule = kind["properties"]["groups"]["items"]["properties"]["rules"]["items"]["properties"]

    for made in rules(captured(capture)):
        if "for" in made:
            assert re.search(rule["for"]["pattern"], made["for"])


def test_the_price_list_says_which_prices_are_nobodys_and_no_other_object_does(capture: Capture) -> None:
    said = {
        one.inputs["metadata"]["name"]: one.inputs["metadata"]["annotations"][NOTICE_ANNOTATION]
        for one in captured(capture).all(RULE)
        if "annotations" in one.inputs["metadata"]
    }
    assert said == {"agentic-prices": notice(PRICES)}
    assert said["agentic-prices"].startswith("unverified prices: ")
