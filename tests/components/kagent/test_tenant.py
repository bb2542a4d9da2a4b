"""A tenant's own controller: its namespace, its database, and nothing else of the cluster."""

from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.kagent.names import (
    LONGEST_TENANT,
    controller_name,
    controller_url,
    release_name,
    taken_names,
)
from components.kagent.pods import pods, tenant_pods
from components.kagent.spec import KagentSpec
from components.kagent.tenant import TenantKagent, TenantKagentArgs
from components.kagent.values import tenant_values

RELEASE = "kubernetes:helm.sh/v3:Release"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
LARGE = KagentSpec.model_validate({"replicas": 3, "tenants": {"replicas": 2}})


def told(spec: KagentSpec | None = None, tenant: str = "tenant-a") -> dict[str, Any]:
    return tenant_values(
        spec or KagentSpec(),
        tenant,
        gateway_url="http://gateway/v1",
        gateway_secret=f"gateway-key-{tenant}",
        default_model="gpt-4",
        collector="http://otel.node-monitoring.svc:4317",
    )


def captured(capture: Capture, spec: KagentSpec | None = None, *, monitored: bool = True) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("tenant-a", metadata={"name": "tenant-a"})
        TenantKagent(
            "tenant-a-kagent",
            "tenant-a",
            TenantKagentArgs(
                spec=spec or KagentSpec(),
                namespace=namespace.metadata.name,
                gateway_url="http://gateway/v1",
                gateway_secret="gateway-key-tenant-a",
                default_model="gpt-4",
                collector=None,
                after=(namespace,),
                monitored=monitored,
            ),
        )

    return capture(program)


def test_it_may_act_in_its_own_namespace_and_sees_no_other() -> None:
    made = told()
    assert list(made["rbac"]["namespaces"]) == ["tenant-a"]
    assert list(made["controller"]["watchNamespaces"]) == ["tenant-a"]
    assert "ai-agents" not in str(made)
    assert "tenant-b" not in str(made)


def test_it_has_no_page_and_no_controller_of_mcp_servers() -> None:
    made = told()
    assert made["ui"]["replicas"] == 0
    assert made["kmcp"] == {"enabled": False}
    assert made["kagent-tools"] == {"enabled": False}


def test_it_asks_models_with_the_tenants_key_and_keeps_sessions_in_the_tenants_database() -> None:
    made = told()
    assert made["providers"]["openAI"]["apiKeySecretRef"] == "gateway-key-tenant-a"
    assert made["controller"]["volumes"] == [{"name": "database", "secret": {"secretName": "kagent-db"}}]
    assert made["controller"]["auth"]["mode"] == "trusted-proxy"


def test_its_agents_export_spans_as_the_platforms_do() -> None:
    assert told()["otel"]["tracing"]["enabled"] is True


def test_it_is_as_large_as_tenants_controllers_are_and_not_as_the_platforms() -> None:
    made = told(LARGE)
    assert made["controller"]["replicas"] == 2
    assert made["controller"]["resources"] == LARGE.tenants.resources.values()
    (pod,) = tenant_pods(LARGE, ["tenant-a"])
    assert (pod.namespace, pod.replicas, pod.containers[0].resources) == (
        "tenant-a",
        2,
        LARGE.tenants.resources,
    )


def test_everything_the_chart_names_after_its_release_has_another_name_for_each_tenant() -> None:
    """It makes a ClusterRole, whatever `rbac.namespaces` says (helm/kagent/templates/rbac/metrics-reader-*)."""
    releases = {release_name(tenant) for tenant in (None, "tenant-a", "tenant-b", "kagent", "crds")}
    assert len(releases) == 5
    assert controller_name("tenant-a") == "tenant-a-kagent-controller"
    assert controller_url("tenant-a") == "http://tenant-a-kagent-controller.tenant-a.svc:8083"
    assert controller_url(None) == "http://kagent-controller.ai-agents.svc:8083"


def test_a_tenant_of_the_longest_name_has_services_of_names_that_dns_takes() -> None:
    names = taken_names("t" * LONGEST_TENANT)
    assert max(map(len, names)) == 63


def test_policies_select_every_controller_by_the_labels_of_its_own_service() -> None:
    (mine,) = tenant_pods(KagentSpec(), ["tenant-a"])
    (platforms,) = [pod for pod in pods(KagentSpec()) if pod.name == "kagent-controller"]
    shared = mine.labels.items() & platforms.labels.items()
    assert dict(shared) == {"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "controller"}


def test_it_brings_no_kinds_since_those_are_the_clusters(capture: Capture) -> None:
    (installed,) = captured(capture).all(RELEASE)
    assert installed.inputs["name"] == "tenant-a-kagent"
    assert installed.inputs["namespace"] == "tenant-a"
    assert installed.unknowns == {}


def test_a_budget_is_there_where_a_pod_may_go(capture: Capture) -> None:
    assert captured(capture).all(BUDGET) == []
    (budget,) = captured(capture, LARGE).all(BUDGET)
    assert budget.inputs["metadata"]["namespace"] == "tenant-a"
    assert budget.inputs["spec"]["selector"]["matchLabels"]["app.kubernetes.io/instance"] == "tenant-a-kagent"
    assert budget.inputs["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow", (
        "controllers that wait for their database all fail at once, and would hold up every node"
    )


@pytest.mark.parametrize("monitored", [True, False])
def test_rules_know_every_controller_by_one_job(capture: Capture, *, monitored: bool) -> None:
    monitors = captured(capture, monitored=monitored).all(MONITOR)
    assert bool(monitors) is monitored
    for one in monitors:
        assert one.inputs["metadata"]["namespace"] == "tenant-a"
        (endpoint,) = one.inputs["spec"]["endpoints"]
        assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": "kagent-controller-metrics"}]
