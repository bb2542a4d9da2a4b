"""The network as registered: who has a way out, what is tagged, what an existing VPC is spared."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.labels import CLUSTER_TAG, DISCOVERY_TAG
from components.network.endpoints import INTERFACE_SERVICES, service_name
from components.network.flow_logs import policy, trust
from components.network.network import Network, NetworkArgs
from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec

SUBNET = "aws:ec2/subnet:Subnet"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b", "us-east-1c"),
    environment="dev",
    cluster_name="ai-dev",
)


def made(
    capture: Capture, nat: Literal["single", "per_zone"] = "single", *, protect: bool = False, **spec: Any
) -> Plan:
    network = CreatedNetworkSpec(mode="create", nat_gateways=nat, **spec)
    return capture(lambda: void(Network("net", NetworkArgs(place=PLACE, spec=network, protect=protect))))


def void(_: object) -> None:
    """A program returns nothing."""


def routes(plan: Plan) -> dict[str, str]:
    """Who the default route of each table leads to."""
    return {
        one.name: "internet" if "gatewayId" in one.inputs else "nat"
        for one in plan.all("aws:ec2/route:Route")
        if one.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    }


def test_only_public_subnets_meet_the_internet_and_only_private_ones_leave_by_nat(capture: Capture) -> None:
    plan = made(capture)
    assert routes(plan) == {
        "net-public": "internet",
        "net-private-us-east-1a": "nat",
        "net-private-us-east-1b": "nat",
        "net-private-us-east-1c": "nat",
    }
    tables = {one.name for one in plan.all("aws:ec2/routeTableAssociation:RouteTableAssociation")}
    assert not {name for name in tables if "control-plane" in name or "endpoints" in name}, (
        "they stay on the VPC's main table, which has no way out"
    )


@pytest.mark.parametrize(("nat", "count"), [("single", 1), ("per_zone", 3)])
def test_nat_gateways_are_one_or_one_a_zone(
    capture: Capture, nat: Literal["single", "per_zone"], count: int
) -> None:
    plan = made(capture, nat)
    assert len(plan.all("aws:ec2/natGateway:NatGateway")) == count
    targets = {
        one.inputs["natGatewayId"] for one in plan.all("aws:ec2/route:Route") if "natGatewayId" in one.inputs
    }
    assert len(targets) == count


def test_no_subnet_gives_out_public_addresses(capture: Capture) -> None:
    assert {one.inputs["mapPublicIpOnLaunch"] for one in made(capture).all(SUBNET)} == {False}


def test_karpenter_finds_the_private_subnets_and_no_others(capture: Capture) -> None:
    tagged = {
        one.name for one in made(capture).all(SUBNET) if one.inputs["tags"].get(DISCOVERY_TAG) == "ai-dev"
    }
    assert tagged == {f"net-private-{zone}" for zone in PLACE.zones}


def test_load_balancers_find_subnets_by_their_role(capture: Capture) -> None:
    by_role = {
        role: {one.name.split("-")[1] for one in made(capture).all(SUBNET) if role in one.inputs["tags"]}
        for role in ("kubernetes.io/role/elb", "kubernetes.io/role/internal-elb")
    }
    assert by_role == {"kubernetes.io/role/elb": {"public"}, "kubernetes.io/role/internal-elb": {"private"}}


def test_what_forgets_its_security_group_reaches_nothing(capture: Capture) -> None:
    group = made(capture).one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
    assert "ingress" not in group
    assert "egress" not in group


def test_endpoints_answer_https_from_private_subnets_only(capture: Capture) -> None:
    plan = made(capture)
    rules = [one.inputs for one in plan.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")]
    assert {rule["cidrIpv4"] for rule in rules} == {"10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"}
    assert {(rule["fromPort"], rule["toPort"], rule["ipProtocol"]) for rule in rules} == {(443, 443, "tcp")}
    services = {one.inputs["serviceName"] for one in plan.all("aws:ec2/vpcEndpoint:VpcEndpoint")}
    assert services == {service_name(PLACE, service) for service in (*INTERFACE_SERVICES, "s3")}


def test_without_interface_endpoints_s3_still_has_its_gateway(capture: Capture) -> None:
    plan = made(capture, interface_endpoints=False)
    endpoint = plan.one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs
    assert (endpoint["serviceName"], endpoint["vpcEndpointType"]) == ("com.amazonaws.us-east-1.s3", "Gateway")


def test_china_names_its_endpoints_differently_but_for_s3() -> None:
    place = Place(
        account_id="1" * 12,
        partition="aws-cn",
        region="cn-north-1",
        zones=("cn-north-1a",),
        environment="dev",
        cluster_name="ai-dev",
    )
    assert service_name(place, "ec2") == "cn.com.amazonaws.cn-north-1.ec2"
    assert service_name(place, "s3") == "com.amazonaws.cn-north-1.s3"


def test_flow_logs_record_everything_and_end_with_their_retention(capture: Capture) -> None:
    plan = made(capture, flow_logs_retention_days=14)
    assert plan.one("aws:ec2/flowLog:FlowLog").inputs["trafficType"] == "ALL"
    assert plan.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 14


def test_flow_logs_write_to_one_group_for_one_account() -> None:
    (statement,) = policy(PLACE)["Statement"]
    group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vpc/ai-dev/flow-logs"
    assert statement["Resource"] == [group, f"{group}:*"]
    assert trust(PLACE)["Statement"][0]["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}


def test_protection_is_on_the_vpc_and_its_subnets_and_lets_routes_change(capture: Capture) -> None:
    plan = made(capture, protect=True)
    protected = {one.type for one in plan.resources if one.options.get("protect")}
    assert protected == {"aws:ec2/vpc:Vpc", SUBNET}


def test_on_the_way_down_the_internet_gateway_waits_for_addresses(capture: Capture) -> None:
    plan = made(capture)
    addresses = [one.urn for one in plan.all("aws:ec2/eip:Eip")]
    gateway = plan.one("aws:ec2/internetGateway:InternetGateway").urn
    assert plan.deleted_before(addresses, gateway)


def test_an_existing_vpc_gets_tags_and_nothing_else(capture: Capture) -> None:
    spec = ExistingNetworkSpec.model_validate(
        {
            "mode": "existing",
            "vpc_id": "vpc-0123456789abcdef0",
            "cidr": "10.0.0.0/16",
            "subnets": {
                tier: [
                    {
                        "id": f"subnet-{number}{index}abcdef",
                        "zone": zone,
                        "cidr": f"10.0.{number}{index}.0/24",
                    }
                    for index, zone in enumerate(PLACE.zones)
                ]
                for number, tier in enumerate(("private", "control_plane", "data", "public"), start=1)
            },
        }
    )
    network: list[Network] = []
    plan = capture(lambda: network.append(Network("net", NetworkArgs(place=PLACE, spec=spec, protect=True))))
    assert {one.type for one in plan.resources if one.custom} == {"aws:ec2/tag:Tag"}
    vpc = plan.one("aws:ec2/tag:Tag", "net-vpc").inputs
    assert (vpc["resourceId"], vpc["key"], vpc["value"]) == ("vpc-0123456789abcdef0", CLUSTER_TAG, "ai-dev")
    tagged = {
        one.inputs["resourceId"] for one in plan.all("aws:ec2/tag:Tag") if one.inputs["key"] == DISCOVERY_TAG
    }
    assert tagged == {subnet.id for subnet in spec.subnets.private}
    assert network[0].subnet_ids("control-plane") == [subnet.id for subnet in spec.subnets.control_plane]
