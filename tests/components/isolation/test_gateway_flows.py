"""Who gets to the gateway, and where it gets itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from components.core.labels import TENANT_LABEL
from components.isolation.ends import Pods, Port
from components.isolation.flows import in_force
from components.isolation.flows.gateway import CONTROLLER, KAGENT_UI, LOGIN, PROXIES, RATE_LIMIT
from components.isolation.flows.observability import GRAFANA, VALKEY
from components.isolation.flows.relay import PROBE, RELAY
from components.isolation.reachability import Outside, PodParty, Policy, reaches
from components.isolation.render import policies, tenant_policies
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import namespaces_for

PODS = ("10.0.0.0/18", "10.0.64.0/18")
INTERNET = Outside("93.184.216.34/32")
PUBLIC = "10.0.192.0/22"
PARTS = frozenset({"gateway", "kagent", "prometheus", "valkey", "node_monitoring"})


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(
        vpc_cidr="10.0.0.0/16",
        tiers={
            "private": PODS,
            "public": (PUBLIC,),
            "control-plane": ("10.0.240.0/28",),
            "endpoints": ("10.0.241.0/24",),
            "data": ("10.0.208.0/22",),
        },
        service_cidr="172.20.0.0/16",
    )


def stack(around: Surroundings, *more: str) -> list[Policy]:
    parts = PARTS | set(more)
    names = (*namespaces_for(parts), "kube-system", "default")
    flows = in_force(parts, names)
    found = {name: policies(name, flows, around) for name in names}
    found["tenant-a"] = tenant_policies(flows, around)
    return [Policy(namespace=name, spec=spec) for name, specs in found.items() for spec in specs.values()]


def pod(end: Pods, extra: Mapping[str, str] | None = None) -> PodParty:
    tenant = {TENANT_LABEL: end.namespace} if end.namespace.startswith("tenant") else {}
    return PodParty(
        namespace=end.namespace,
        labels={**end.labels, **(extra or {})},
        namespace_labels=tenant,
        networks=PODS,
    )


TENANT = pod(Pods("tenant-a"))


@pytest.mark.parametrize(
    ("scheme", "answer"), [("gateway_public", "allowed"), ("gateway_internal", "denied")]
)
@pytest.mark.parametrize("port", [443, 80, 15021])
def test_an_internet_facing_load_balancer_gets_in_only_where_there_is_one(
    around: Surroundings, scheme: str, answer: str, port: int
) -> None:
    found = stack(around, scheme)
    assert reaches(found, Outside("10.0.192.10/32"), pod(PROXIES), Port(port)) == answer


def test_nobody_gets_in_past_the_load_balancer(around: Surroundings) -> None:
    found = stack(around, "gateway_public")
    assert reaches(found, INTERNET, pod(PROXIES), Port(443)) == "denied"
    assert reaches(found, Outside("10.0.192.10/32"), pod(PROXIES), Port(8080)) == "denied"


@pytest.mark.parametrize("caller", [TENANT, pod(Pods("ai-agents"))], ids=["tenant", "agents"])
def test_agents_use_the_internal_listener_and_reach_no_other_part(
    around: Surroundings, caller: PodParty
) -> None:
    found = stack(around, "gateway_public")
    assert reaches(found, caller, pod(PROXIES), Port(8080)) == "allowed"
    for part in (RATE_LIMIT, LOGIN):
        assert reaches(found, caller, pod(part), Port(8080)) == "denied"
        assert reaches(found, caller, pod(part), Port(8081)) == "denied"


def test_a_tenant_cannot_fetch_the_proxies_configuration(around: Surroundings) -> None:
    found = stack(around)
    assert reaches(found, TENANT, pod(CONTROLLER), Port(9978)) == "denied"
    assert reaches(found, pod(PROXIES), pod(CONTROLLER), Port(9978)) == "allowed"


@pytest.mark.parametrize(
    ("target", "port"),
    [(RATE_LIMIT, 8081), (LOGIN, 4180), (GRAFANA, 3000), (KAGENT_UI, 8080), (Pods("ai-inference"), 8000)],
)
def test_proxies_reach_what_they_ask_and_what_answers(around: Surroundings, target: Pods, port: int) -> None:
    assert reaches(stack(around), pod(PROXIES), pod(target), Port(port)) == "allowed"


def test_the_numbers_are_reached_by_those_who_count(around: Surroundings) -> None:
    found = stack(around)
    assert reaches(found, pod(RATE_LIMIT), pod(VALKEY), Port(6379)) == "allowed"
    assert reaches(found, pod(PROXIES), pod(VALKEY), Port(6379)) == "denied"


def test_proxies_leave_the_vpc_for_nobody(around: Surroundings) -> None:
    """The relay is the way to providers: it has their keys, and counts what is spent."""
    for where in (INTERNET, Outside("169.254.170.23/32")):
        for port in (80, 443):
            assert reaches(stack(around), pod(PROXIES), where, Port(port)) == "denied"


@pytest.mark.parametrize("port", [8000, 8080])
def test_of_the_gateways_parts_proxies_alone_reach_what_runs_beside_agents(
    around: Surroundings, port: int
) -> None:
    """The page behind the login and agents without one are there; a probe or the relay asks neither."""
    found, beside = stack(around), pod(Pods("ai-agents", {"app.kubernetes.io/name": "search"}))
    assert reaches(found, pod(PROXIES), beside, Port(port)) == "allowed"
    for part in (RELAY, PROBE, RATE_LIMIT, LOGIN):
        assert reaches(found, pod(part), beside, Port(port)) == "denied"
        assert reaches(found, pod(part), pod(KAGENT_UI), Port(port)) == "denied"


@pytest.mark.parametrize("part", [PROXIES, RELAY, LOGIN], ids=["proxies", "relay", "login"])
@pytest.mark.parametrize("port", [8000, 8080, 8083])
def test_nothing_of_the_gateway_reaches_a_tenant_that_has_no_agents(
    around: Surroundings, part: Pods, port: int
) -> None:
    """Those that have some are asked through their controller (components/agents/flows)."""
    assert reaches(stack(around), pod(part), TENANT, Port(port)) == "denied"


def test_keys_and_codes_are_fetched_from_the_issuer(around: Surroundings) -> None:
    found = stack(around)
    assert reaches(found, pod(CONTROLLER), INTERNET, Port(443)) == "allowed"
    assert reaches(found, pod(LOGIN), INTERNET, Port(443)) == "allowed"
    assert reaches(found, pod(RATE_LIMIT), INTERNET, Port(443)) == "denied"
