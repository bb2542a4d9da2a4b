"""Of any table whatever: what the renderer makes of it allows exactly what it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.core.labels import TENANT_LABEL
from components.isolation.ends import (
    API_SERVER,
    EVERY_PORT,
    OWN_NAMESPACE,
    POD_IDENTITY,
    VPC_RESOLVER,
    AwsApis,
    End,
    Flow,
    FlowError,
    Host,
    Pods,
    Port,
    SubnetTier,
    TenantPods,
)
from components.isolation.reachability import Outside, PodParty, Policy, reaches
from components.isolation.render import policies, tenant_policies
from components.isolation.surroundings import Surroundings

NAMESPACES = ("ai-agents", "kube-system")
TENANTS = ("tenant-a", "tenant-b")
LABELS: tuple[dict[str, str], ...] = ({}, {"app": "x"}, {"app": "x", "tier": "y"})
PORTS: tuple[int | Port, ...] = (53, Port(53, "UDP"), 443)
POD_BLOCKS = ("10.0.0.0/18", "10.0.64.0/18")

labels = st.sampled_from(LABELS)
pods = st.builds(Pods, st.sampled_from(NAMESPACES), labels)
tenant_pods = st.builds(TenantPods, labels)
NODES = SubnetTier("private")
"""Where pods have their addresses too, so that two flows to and from it may add up to a third."""

blocks = st.one_of(st.just(NODES), st.sampled_from([SubnetTier("data"), API_SERVER, POD_IDENTITY]))
answering = st.sampled_from([VPC_RESOLVER, AwsApis("ec2"), AwsApis("ec2", "iam"), Host("example.com")])
ports = st.one_of(st.lists(st.sampled_from(PORTS), min_size=1, max_size=3).map(tuple), st.just(EVERY_PORT))


def _flow(source: End, target: End, through: tuple[int | Port, ...]) -> Flow | None:
    try:
        return Flow(source, target, through, "generated")
    except FlowError:
        return None


flow_or_none = st.builds(
    _flow,
    st.one_of(pods, tenant_pods, blocks),
    st.one_of(pods, tenant_pods, blocks, answering, st.just(OWN_NAMESPACE)),
    ports,
)
tables = st.lists(flow_or_none.filter(lambda flow: flow is not None), min_size=2, max_size=12)

PARTIES = tuple(
    PodParty(
        namespace=namespace,
        labels=own,
        namespace_labels={TENANT_LABEL: namespace} if namespace in TENANTS else {},
        networks=POD_BLOCKS,
    )
    for namespace in (*NAMESPACES, *TENANTS)
    for own in (LABELS[0], LABELS[-1])
)
ASKED = tuple(Port(port) if isinstance(port, int) else port for port in PORTS)


def rendered(table: Iterable[Flow], around: Surroundings) -> list[Policy]:
    flows = tuple(table)
    by_namespace = {name: policies(name, flows, around) for name in NAMESPACES}
    by_namespace |= {name: tenant_policies(flows, around) for name in TENANTS}
    return [
        Policy(namespace=name, spec=spec) for name, specs in by_namespace.items() for spec in specs.values()
    ]


def is_local(end: End, party: PodParty) -> bool:
    """Whether `end` is these pods themselves, so that their own policy carries the flow."""
    if isinstance(end, Pods):
        return end.namespace == party.namespace and end.labels.items() <= party.labels.items()
    if isinstance(end, TenantPods):
        return party.namespace in TENANTS and end.labels.items() <= party.labels.items()
    return False


def covers(end: End, party: PodParty, other: PodParty) -> bool:
    """Whether `end` includes these pods, by selector or by address."""
    if end == OWN_NAMESPACE:
        return party.namespace == other.namespace
    return is_local(end, party) or end == NODES


def carries(flow: Flow, port: Port) -> bool:
    return port in flow.numbered or Port(None, port.protocol) in flow.numbered


def expected(table: Iterable[Flow], source: PodParty, target: PodParty, port: Port) -> bool:
    flows = [flow for flow in table if carries(flow, port)]
    leaves = any(is_local(flow.source, source) and covers(flow.target, target, source) for flow in flows)
    arrives = any(
        (is_local(flow.target, target) and covers(flow.source, source, target))
        or (
            flow.target == OWN_NAMESPACE
            and is_local(flow.source, target)
            and source.namespace == target.namespace
        )
        for flow in flows
    )
    return leaves and arrives


@settings(max_examples=100, deadline=None)
@given(table=tables)
def test_policies_allow_exactly_what_the_table_says(around: Surroundings, table: list[Flow]) -> None:
    found = rendered(table, around)
    for source in PARTIES:
        for target in PARTIES:
            for port in ASKED:
                verdict = reaches(found, source, target, port)
                wanted = "allowed" if expected(table, source, target, port) else "denied"
                assert verdict == wanted, f"{source} -> {target} {port}"


@given(table=tables)
def test_every_flow_passes_at_both_of_its_ends(around: Surroundings, table: list[Flow]) -> None:
    found = rendered(table, around)
    for flow in table:
        for source in PARTIES:
            for target in PARTIES:
                if is_local(flow.source, source) and is_local(flow.target, target):
                    for port in flow.numbered:
                        assert (
                            reaches(found, source, target, Port(port.number or 7777, port.protocol))
                            == "allowed"
                        )


@given(table=tables)
def test_no_egress_is_without_dns_and_no_list_is_empty(around: Surroundings, table: list[Flow]) -> None:
    for policy in rendered(table, around):
        spec: Any = policy.spec
        assert spec["policyTypes"] == ["Ingress", "Egress"]
        for port in ({"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}):
            assert port in spec["egress"][0]["ports"]
        for rule in spec["ingress"]:
            assert rule["from"], "an empty peer list means everyone"
            assert rule["ports"], "an empty port list means every port"
        for rule in spec["egress"]:
            assert rule["to"], "an empty peer list means everyone"
            assert rule["ports"], "an empty port list means every port"


@given(table=tables)
def test_nobody_reaches_instance_metadata(around: Surroundings, table: list[Flow]) -> None:
    found = rendered(table, around)
    for source in PARTIES:
        for port in (Port(80), Port(443), Port(53, "UDP")):
            assert reaches(found, source, Outside("169.254.169.254/32"), port) == "denied"


@given(table=tables)
def test_a_hole_never_covers_what_is_allowed_beside_it(around: Surroundings, table: list[Flow]) -> None:
    """The VPC CNI decides by the longest prefix: a hole as long as an allowed block would win over it."""
    for policy in rendered(table, around):
        spec: Any = policy.spec
        stated = [peer["ipBlock"] for rule in spec["egress"] for peer in rule["to"] if "ipBlock" in peer]
        holes = {hole for block in stated for hole in block.get("except", ())}
        assert holes.isdisjoint(block["cidr"] for block in stated)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_an_empty_table_leaves_only_names(around: Surroundings, namespace: str) -> None:
    found = [Policy(namespace=namespace, spec=spec) for spec in policies(namespace, (), around).values()]
    pod = PodParty(namespace=namespace, networks=POD_BLOCKS)
    assert reaches(found, pod, Outside("172.20.0.10/32"), Port(53, "UDP")) == "allowed"
    assert reaches(found, pod, Outside("172.20.0.10/32"), Port(443)) == "denied"
