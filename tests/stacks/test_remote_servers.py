"""An MCP server outside the cluster in a whole stack: one door, the agents that name its tool, and nobody else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from agentic.plan.model import Plan
from components.core.labels import TENANT_LABEL
from components.isolation.ends import Host, Pods, Port, TenantPods
from components.isolation.flows.places import KAGENT
from components.isolation.reachability import PodParty, Policy, reaches
from components.isolation.render import policies, tenant_policies
from components.namespaces.catalogue import namespaces_for
from components.network.layout import layout
from stacks import config, stack_file
from stacks.flows import doors_of, flows_of, reverse_doors_of
from stacks.parts import parts
from stacks.pods import pods_by_part
from stacks.surroundings import surroundings
from tests.conftest import ROOT
from tests.stacks.project import Project

TOOL: dict[str, Any] = {
    "type": "api",
    "description": "Customers and their orders.",
    "mcp_url": "https://mcp.example.com/v1/mcp",
    "offers": ["find_customer"],
    "auth": {"secret": "search-api-token", "key": "token"},
}
AGENT = "data-analysis-agent"


@pytest.fixture(scope="module")
def text() -> dict[str, Any]:
    """The dev stack, with a tool more that one agent names."""
    platform: dict[str, Any] = json.loads(json.dumps(stack_file.read(ROOT, "dev").platform))
    platform["tools"]["crm"] = copy.deepcopy(TOOL)
    platform["agents"][AGENT]["tools"].append("crm")
    return {"config": {"agentic-platform:platform": platform}}


@pytest.fixture
def said(text: dict[str, Any]) -> config.PlatformConfig:
    return config.parse(text["config"]["agentic-platform:platform"], "Pulumi.dev.yaml")


def test_whoever_names_the_tool_has_its_door_and_so_has_the_controller(said: config.PlatformConfig) -> None:
    (door,) = reverse_doors_of(said)
    assert doors_of(said) == ()
    flows = flows_of(said, parts(said), namespaces_for(parts(said)))
    entering = {flow.source for flow in flows if flow.ports == (door.port,)}
    assert entering == {KAGENT, Pods("ai-agents", {"app": "kagent", "kagent": AGENT})}
    assert [flow.source for flow in flows if flow.target == Host("mcp.example.com")] == [
        Pods("egress", {"app.kubernetes.io/name": "egress-proxy"})
    ]


def test_the_proxy_is_there_for_it_alone_and_listens(said: config.PlatformConfig) -> None:
    assert "egress_proxy" in parts(said)
    (pods,) = pods_by_part(said)["egress_proxy"]
    assert reverse_doors_of(said)[0].port in {port.number for port in pods.ports}


def test_the_plan_leads_agents_to_the_door_and_the_door_to_the_host(
    text: dict[str, Any], project: Project
) -> None:
    project.write(json.dumps(text))
    plan: Plan = project.capture()
    (server,) = (
        one.inputs["spec"]
        for one in plan.all("kubernetes:kagent.dev/v1alpha2:RemoteMCPServer")
        if one.inputs["metadata"]["name"] == "crm"
    )
    told = plan.one("kubernetes:core/v1:ConfigMap", "egress-proxy").inputs["data"]["envoy.json"]
    (door,) = (one for one in json.loads(told)["static_resources"]["listeners"] if one["name"] == "tool-crm")
    port = door["address"]["socket_address"]["port_value"]
    assert server["url"] == f"http://egress-proxy.egress.svc:{port}/v1/mcp"
    service = plan.one("kubernetes:core/v1:Service", "egress-proxy").inputs["spec"]
    assert port in {one["port"] for one in service["ports"]}
    opened = [
        one.inputs["metadata"]["name"]
        for one in plan.all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        if one.inputs["metadata"]["namespace"] == "ai-agents" and f'"port": {port}' in json.dumps(one.inputs)
    ]
    assert len(opened) == 2


def test_a_tenants_server_is_reached_by_that_tenants_agents_and_its_own_controller(
    text: dict[str, Any],
) -> None:
    platform = copy.deepcopy(text["config"]["agentic-platform:platform"])
    platform["agents"][AGENT]["tools"].remove("crm")
    platform["agents"]["onboarding-agent"]["tools"] = ["crm"]
    platform["tools"]["crm"] = {**TOOL, "tenant": "tenant-a", "auth": {"secret": "openai", "key": "token"}}
    said = config.parse(platform, "Pulumi.dev.yaml")
    (door,) = reverse_doors_of(said)
    flows = flows_of(said, parts(said), namespaces_for(parts(said)))
    assert {flow.source for flow in flows if flow.ports == (door.port,)} == {
        TenantPods(KAGENT.labels, tenant="tenant-a"),
        TenantPods({"app": "kagent", "kagent": "onboarding-agent"}, tenant="tenant-a"),
    }
    around = surroundings(said, layout(said.network, tuple(said.aws.zones)))
    written = [
        *(Policy(namespace="egress", spec=spec) for spec in policies("egress", flows, around).values()),
        *(
            Policy(namespace=tenant, spec=spec)
            for tenant in said.tenants
            for spec in tenant_policies(flows, around, tenant).values()
        ),
        *(Policy(namespace="ai-agents", spec=spec) for spec in policies("ai-agents", flows, around).values()),
    ]

    def verdict(namespace: str, agent: str) -> str:
        source = PodParty(
            namespace=namespace,
            labels={"app": "kagent", "kagent": agent},
            namespace_labels={TENANT_LABEL: namespace},
            networks=around.tiers["private"],
        )
        proxy = PodParty(
            namespace="egress",
            labels={"app.kubernetes.io/name": "egress-proxy"},
            networks=around.tiers["private"],
        )
        return reaches(written, source, proxy, Port(door.port))

    assert verdict("tenant-a", "onboarding-agent") == "allowed"
    assert verdict("tenant-a", "another") == "denied"
    assert verdict("tenant-b", "onboarding-agent") == "denied"
    assert verdict("ai-agents", AGENT) == "denied"
