from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pulumi
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from components.core.aws import Place
from components.core.labels import CLUSTER_TAG, DISCOVERY_TAG
from components.network import subnets
from components.network.network import Network, NetworkArgs
from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec

SUBNET = "aws:ec2/subnet:Subnet"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
NAT = "aws:ec2/natGateway:NatGateway"
TIERS = ("private", "public", "data", "endpoints", "control-plane")


@pytest.fixture(scope="module")
def plan(planned: Callable[..., Plan]) -> Plan:
    return planned(nat_gateways="per_zone")


def _tier(plan: Plan, tier: str) -> list[Resource]:
    return [subnet for subnet in plan.all(SUBNET) if subnet.name.startswith(f"platform-{tier}-us-")]


def _ways_out(plan: Plan, subnet: Resource) -> list[str]:
    """The gateway behind every default route of the subnet's table; the VPC's own table has none."""
    tables = [
        association.inputs["routeTableId"]
        for association in plan.all(ASSOCIATION)
        if association.inputs["subnetId"] == f"@{{{SUBNET}::{subnet.name}.id}}"
    ]
    assert len(tables) <= 1
    return [
        route.inputs.get("gatewayId") or route.inputs["natGatewayId"]
        for route in plan.all(ROUTE)
        if route.inputs["routeTableId"] in tables and route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    ]


def test_every_subnet_is_of_one_tier_and_zone(plan: Plan) -> None:
    assert Counter(tier for tier in TIERS for _ in _tier(plan, tier)) == dict.fromkeys(TIERS, 3)
    assert len(plan.all(SUBNET)) == 15
    for subnet in plan.all(SUBNET):
        assert subnet.name.endswith(subnet.inputs["availabilityZone"])


def test_only_public_subnets_reach_the_internet_gateway(plan: Plan) -> None:
    gateway = "@{aws:ec2/internetGateway:InternetGateway::platform.id}"
    behind = {
        subnet.name: gateway in _ways_out(plan, subnet) for tier in TIERS for subnet in _tier(plan, tier)
    }
    assert {name for name, there in behind.items() if there} == {
        subnet.name for subnet in _tier(plan, "public")
    }


@pytest.mark.parametrize("tier", ["data", "endpoints", "control-plane"])
def test_a_closed_tier_has_no_way_out(plan: Plan, tier: str) -> None:
    assert [_ways_out(plan, subnet) for subnet in _tier(plan, tier)] == [[], [], []]


def test_a_private_subnet_leaves_through_the_nat_gateway_of_its_own_zone(plan: Plan) -> None:
    for subnet in _tier(plan, "private"):
        zone = subnet.inputs["availabilityZone"]
        assert _ways_out(plan, subnet) == [f"@{{{NAT}::platform-{zone}.id}}"]


def test_one_nat_gateway_serves_all_zones_where_that_was_said(planned: Callable[..., Plan]) -> None:
    plan = planned(nat_gateways="single")
    assert len(plan.all(NAT)) == len(plan.all("aws:ec2/eip:Eip")) == 1
    for subnet in _tier(plan, "private"):
        assert _ways_out(plan, subnet) == [f"@{{{NAT}::platform-us-east-1a.id}}"]


def test_nat_gateways_stand_in_public_subnets(plan: Plan) -> None:
    assert {gateway.inputs["subnetId"] for gateway in plan.all(NAT)} == {
        f"@{{{SUBNET}::{subnet.name}.id}}" for subnet in _tier(plan, "public")
    }


def test_a_nat_gateway_goes_before_the_way_out_it_uses(plan: Plan) -> None:
    out = [
        plan.one("aws:ec2/internetGateway:InternetGateway").urn,
        plan.one(ROUTE, "platform-public").urn,
    ]
    assert plan.deleted_before([gateway.urn for gateway in plan.all(NAT)], out)


def test_nothing_gets_a_public_address_by_being_started(plan: Plan) -> None:
    assert {subnet.inputs["mapPublicIpOnLaunch"] for subnet in plan.all(SUBNET)} == {False}


def test_the_group_that_everything_falls_into_allows_nothing(plan: Plan) -> None:
    group = plan.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs


def test_names_of_endpoints_resolve_inside_the_vpc(plan: Plan) -> None:
    vpc = plan.one("aws:ec2/vpc:Vpc")
    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True


def test_controllers_find_what_they_look_for_by_tag(plan: Plan) -> None:
    assert plan.one("aws:ec2/vpc:Vpc").inputs["tags"][CLUSTER_TAG] == "ai-dev"
    for tier in TIERS:
        for subnet in _tier(plan, tier):
            tags = subnet.inputs["tags"]
            assert tags.get(DISCOVERY_TAG) == ("ai-dev" if tier == "private" else None)
            assert tags.get("kubernetes.io/role/internal-elb") == ("1" if tier == "private" else None)
            assert tags.get("kubernetes.io/role/elb") == ("1" if tier == "public" else None)


def test_the_discovery_tag_is_written_once(
    capture: Capture, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subnets, "DISCOVERY_TAG", "other/tag")
    spec = CreatedNetworkSpec(mode="create")
    plan = capture(lambda: Network("platform", NetworkArgs(place=place, spec=spec, protect=False)))
    assert all(subnet.inputs["tags"]["other/tag"] == "ai-dev" for subnet in _tier(plan, "private"))
    assert not [resource for resource in plan if DISCOVERY_TAG in str(resource.inputs)]


def test_protection_covers_what_holds_data_in_place_and_nothing_that_may_change(
    planned: Callable[..., Plan],
) -> None:
    plan = planned(protect=True)
    protected = Counter(resource.type for resource in plan if resource.options.get("protect"))
    assert protected == {"aws:ec2/vpc:Vpc": 1, SUBNET: 15}
    assert not [resource for resource in planned(protect=False) if resource.options.get("protect")]


def test_a_zone_that_is_appended_changes_no_resource_of_the_others(planned: Callable[..., Plan]) -> None:
    two = {resource.urn: resource for resource in planned(zones=2, nat_gateways="per_zone")}
    three = {resource.urn: resource for resource in planned(zones=3, nat_gateways="per_zone")}
    assert two.keys() <= three.keys()
    shared = ("aws:ec2/vpcEndpoint:VpcEndpoint",)  # an endpoint stands in every zone
    changed = {
        urn
        for urn, resource in two.items()
        if resource.inputs != three[urn].inputs and resource.type not in shared
    }
    assert changed == set()


def test_of_an_existing_vpc_only_tags_are_ours(
    capture: Capture, place: Place, existing_spec: ExistingNetworkSpec
) -> None:
    args = NetworkArgs(place=place, spec=existing_spec, protect=True)
    plan = capture(lambda: Network("platform", args))
    assert {resource.type for resource in plan} == {"agentic:network:Network", "aws:ec2/tag:Tag"}
    assert sorted(
        (tag.inputs["resourceId"], tag.inputs["key"], tag.inputs["value"])
        for tag in plan.all("aws:ec2/tag:Tag")
    ) == sorted(
        [
            ("vpc-0123456789abcdef0", CLUSTER_TAG, "ai-dev"),
            *(
                (f"subnet-000000000000000{zone}1", key, value)
                for zone in "ab"
                for key, value in ((DISCOVERY_TAG, "ai-dev"), ("kubernetes.io/role/internal-elb", "1"))
            ),
            *((f"subnet-000000000000000{zone}4", "kubernetes.io/role/elb", "1") for zone in "ab"),
        ]
    )


def test_an_existing_network_answers_in_the_same_terms(
    capture: Capture, place: Place, existing_spec: ExistingNetworkSpec
) -> None:
    def program() -> None:
        network = Network("platform", NetworkArgs(place=place, spec=existing_spec, protect=False))
        pulumi.export("vpc", network.vpc_id)
        for tier in TIERS:
            pulumi.export(tier, network.subnet_ids(tier))  # type: ignore[arg-type]
        pulumi.export("cidrs", list(network.layout.cidrs("private")))

    outputs = capture(program).outputs
    assert outputs["vpc"] == "vpc-0123456789abcdef0"
    assert outputs["private"] == ["subnet-000000000000000a1", "subnet-000000000000000b1"]
    assert outputs["endpoints"] == []
    assert outputs["cidrs"] == ["10.0.0.0/20", "10.0.16.0/20"]
