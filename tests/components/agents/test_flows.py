"""Who reaches a tenant's controller, asked of the policies that the cluster gets."""

from __future__ import annotations

import pytest

from components.agents.flows import agent_flows
from components.core.labels import TENANT_LABEL
from components.isolation.ends import Port
from components.isolation.flows import in_force
from components.isolation.flows.gateway import LOGIN, PROXIES
from components.isolation.flows.places import PROMETHEUS
from components.isolation.reachability import Outside, Party, PodParty, Policy, reaches
from components.isolation.render import policies, tenant_policies
from components.isolation.surroundings import Surroundings
from components.kagent.pods import tenant_pods
from components.kagent.spec import KagentSpec
from components.namespaces.catalogue import namespaces_for

PARTS = frozenset({"agents", "kagent", "gateway", "prometheus", "postgres", "otel", "keda"})
TENANTS = ("tenant-a", "tenant-b", "tenant-c")
WITH_AGENTS = ("tenant-a", "tenant-b")
BLOCKS = ("10.0.0.0/18", "10.0.64.0/18")
KAGENT = {"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "controller"}
SESSIONS = {"app.kubernetes.io/name": "agent-sessions"}
API = Outside("172.20.0.1/32")


def pod(namespace: str, labels: dict[str, str] | None = None) -> PodParty:
    tenant = {TENANT_LABEL: namespace} if namespace in TENANTS else {}
    return PodParty(namespace=namespace, labels=labels or {}, namespace_labels=tenant, networks=BLOCKS)


def controller(tenant: str) -> PodParty:
    (declared,) = tenant_pods(KagentSpec(), [tenant])
    return pod(tenant, dict(declared.labels))


@pytest.fixture(scope="module")
def around() -> Surroundings:
    return Surroundings(
        vpc_cidr="10.0.0.0/16",
        tiers={
            "private": BLOCKS,
            "control-plane": ("10.0.240.0/28",),
            "endpoints": ("10.0.241.0/24",),
            "data": ("10.0.242.0/24",),
            "public": ("10.0.243.0/24",),
        },
        service_cidr="172.20.0.0/16",
    )


@pytest.fixture(scope="module")
def written(around: Surroundings) -> list[Policy]:
    names = (*namespaces_for(PARTS), "kube-system", "default")
    flows = (*in_force(PARTS, names), *agent_flows(WITH_AGENTS, PARTS))
    found = {name: policies(name, flows, around) for name in names}
    found |= {name: tenant_policies(flows, around, name) for name in TENANTS}
    return [Policy(namespace=name, spec=spec) for name, specs in found.items() for spec in specs.values()]


def may(written: list[Policy], source: Party, target: Party, port: int) -> bool:
    verdict = reaches(written, source, target, Port(port))
    assert verdict != "unknown"
    return verdict == "allowed"


def database(around: Surroundings) -> Outside:
    return Outside(around.tiers["data"][0])


def test_a_tenants_pods_reach_its_own_controller_and_it_them(written: list[Policy]) -> None:
    assert may(written, pod("tenant-a"), controller("tenant-a"), 8083)
    assert may(written, controller("tenant-a"), pod("tenant-a"), 8080)


@pytest.mark.parametrize("port", [8083, 8443, 8080, 5432, 443])
def test_no_pod_of_a_tenant_reaches_another_controller(written: list[Policy], port: int) -> None:
    """With a controller one reads its sessions and makes agents: neither another tenant's nor the platform's."""
    platforms = pod("ai-agents", KAGENT)
    for mine, other in (("tenant-a", "tenant-b"), ("tenant-b", "tenant-a"), ("tenant-c", "tenant-a")):
        for source in (pod(mine), controller(mine), pod(mine, SESSIONS)):
            assert not may(written, source, controller(other), port)
            assert not may(written, source, platforms, port)


def test_the_platforms_agents_and_controller_reach_no_tenants(written: list[Policy]) -> None:
    for source in (pod("ai-agents"), pod("ai-agents", KAGENT)):
        for port in (8083, 8443, 8080):
            assert not may(written, source, controller("tenant-a"), port)


def test_from_without_only_proxies_and_prometheus_get_in_at_a_port_each(written: list[Policy]) -> None:
    proxy, watcher = pod("ai-gateway", dict(PROXIES.labels)), pod("observability", dict(PROMETHEUS.labels))
    assert may(written, proxy, controller("tenant-a"), 8083)
    assert not may(written, proxy, controller("tenant-a"), 8443)
    assert may(written, watcher, controller("tenant-a"), 8443)
    assert not may(written, watcher, controller("tenant-a"), 8083)
    for other in (pod("ai-gateway", dict(LOGIN.labels)), pod("keda"), pod("observability"), pod("ai-tools")):
        assert not may(written, other, controller("tenant-a"), 8083)


def test_the_database_is_for_the_controller_and_the_job_and_not_for_every_pod(
    written: list[Policy], around: Surroundings
) -> None:
    for labels, allowed in ((KAGENT, True), (SESSIONS, True), ({}, False), ({"kagent": "support"}, False)):
        assert may(written, pod("tenant-a", labels), database(around), 5432) is allowed


def test_the_kubernetes_api_is_for_the_controller_alone(written: list[Policy]) -> None:
    assert may(written, pod("tenant-a", KAGENT), API, 443)
    assert not may(written, pod("tenant-a", SESSIONS), API, 443)
    assert not may(written, pod("tenant-a"), API, 443)


def test_a_tenant_without_agents_gains_nothing_by_taking_the_labels(
    written: list[Policy], around: Surroundings
) -> None:
    for labels in (KAGENT, SESSIONS):
        assert not may(written, pod("tenant-c", labels), database(around), 5432)
        assert not may(written, pod("tenant-c", labels), API, 443)
    proxy = pod("ai-gateway", dict(PROXIES.labels))
    assert not may(written, proxy, controller("tenant-c"), 8083)


def test_without_a_gateway_nobody_is_let_in() -> None:
    assert [str(flow.source) for flow in agent_flows(["tenant-a"], {"agents", "kagent"})] == [
        str(flow.source) for flow in agent_flows(["tenant-a"], PARTS)[:3]
    ]
    assert agent_flows(["tenant-a"], set()) == ()
