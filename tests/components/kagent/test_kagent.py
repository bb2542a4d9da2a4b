from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.charts import images
from components.kagent.kagent import Kagent, KagentArgs
from components.kagent.spec import KagentSpec
from components.kagent.values import crd_values, values

RELEASE = "kubernetes:helm.sh/v3:Release"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"


def told(spec: KagentSpec | None = None, **instead: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "namespaces": ["ai-agents"],
        "tool_namespaces": ["ai-tools"],
        "gateway_url": "http://gateway/v1",
        "gateway_secret": "gateway-key-platform",
        "default_model": "gpt-4",
        "collector": "http://otel.node-monitoring.svc:4317",
        "database": "kagent-db",
        **instead,
    }
    return values(spec or KagentSpec(), **said)


def captured(capture: Capture, **said: Any) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("ai-agents", metadata={"name": "ai-agents"})
        settings: dict[str, Any] = {"spec": KagentSpec(), **said}
        Kagent(
            "kagent",
            KagentArgs(
                namespace=namespace.metadata.name,
                gateway_url="http://gateway/v1",
                gateway_secret="gateway-key-platform",
                default_model="gpt-4",
                collector=None,
                database="kagent-db",
                after=(namespace,),
                **settings,
            ),
        )

    return capture(program)


def test_who_somebody_is_comes_from_a_checked_token() -> None:
    """`proxy`, as it is called elsewhere, ends the controller of this version with an error."""
    auth = told()["controller"]["auth"]
    assert auth == {"mode": "trusted-proxy", "userIdClaim": "sub"}


def test_agents_cards_say_the_gateway_and_not_the_controller() -> None:
    """A client of A2A sends to the address in the card: the controller's takes nobody the gateway has not checked."""
    assert told(advertised="http://gateway:8080")["controller"]["a2aBaseUrl"] == "http://gateway:8080"
    assert "a2aBaseUrl" not in told()["controller"]


def test_it_may_act_in_the_namespaces_of_agents_and_nowhere_else() -> None:
    made = told(namespaces=["ai-agents", "tenant-a"])
    assert made["rbac"]["namespaces"] == ["ai-agents", "tenant-a"]
    assert made["controller"]["watchNamespaces"] == ["ai-agents", "tenant-a"]
    assert made["kmcp"]["rbac"]["namespaces"] == ["ai-agents", "ai-tools"], "its own has to be among them"


def test_its_database_is_not_the_one_with_half_a_gibibyte() -> None:
    made = told()
    assert made["database"]["postgres"]["bundled"] == {"enabled": False}
    assert made["database"]["postgres"]["urlFile"] == "/var/secrets/database/url"
    assert made["controller"]["volumes"] == [{"name": "database", "secret": {"secretName": "kagent-db"}}]
    assert made["database"]["postgres"]["vectorEnabled"] is True


def test_nothing_of_the_demonstration_is_installed() -> None:
    made = told()
    for part in (
        "k8s-agent",
        "observability-agent",
        "kagent-tools",
        "grafana-mcp",
        "querydoc",
        "oauth2-proxy",
    ):
        assert made[part] == {"enabled": False}


def test_agents_export_spans_because_the_controller_does() -> None:
    """It hands every OTEL_ variable of its own on (adk_api_translator.go, collectOtelEnvFromProcess)."""
    tracing = told()["otel"]["tracing"]
    assert tracing["enabled"] is True
    assert tracing["exporter"]["otlp"] == {
        "endpoint": "http://otel.node-monitoring.svc:4317",
        "protocol": "grpc",
        "timeout": 15000,
        "insecure": True,
    }
    assert "otel" not in told(collector=None)


def test_no_image_is_latest() -> None:
    made = told()
    assert made["kmcp"]["image"]["tag"] == images.KMCP_CONTROLLER.pinned_tag == "0.3.0"
    for part in ("image", "agentImage", "skillsInitImage"):
        assert made["controller"][part]["tag"] == "0.9.12"


def test_both_charts_agree_about_mcp_servers() -> None:
    assert crd_values()["kmcp"] == {"enabled": told()["kmcp"]["enabled"]}


def test_kinds_come_before_who_uses_them(capture: Capture) -> None:
    plan = captured(capture)
    kinds, controller = plan.one(RELEASE, "kagent-crds"), plan.one(RELEASE, "kagent")
    assert kinds.urn in controller.dependencies
    assert kinds.inputs["atomic"] is False, "rolling back would delete definitions, and agents with them"


def test_the_controllers_pods_may_be_moved_one_at_a_time(capture: Capture) -> None:
    names = {one.inputs["metadata"]["name"] for one in captured(capture).all(BUDGET)}
    assert names == {"kagent-controller"}, "the page has one pod, which a budget would nail down"
    assert captured(capture, spec=KagentSpec(replicas=1)).all(BUDGET) == []


@pytest.mark.parametrize("monitored", [True, False])
def test_it_is_scraped_where_that_is_known(capture: Capture, *, monitored: bool) -> None:
    assert bool(captured(capture, monitored=monitored).all(MONITOR)) is monitored
    assert told()["controller"]["metrics"]["secureServing"] is False
