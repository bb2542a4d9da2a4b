from __future__ import annotations

from collections.abc import Callable

import pytest

from agentic.plan.model import Plan
from components.core.aws import Place
from components.network.endpoints import INTERFACE_SERVICES, service_name

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


@pytest.fixture(scope="module")
def plan(planned: Callable[..., Plan]) -> Plan:
    return planned()


def test_every_service_that_the_platform_calls_has_a_private_way(plan: Plan) -> None:
    interfaces = [
        endpoint for endpoint in plan.all(ENDPOINT) if endpoint.inputs["vpcEndpointType"] == "Interface"
    ]
    assert {endpoint.inputs["serviceName"] for endpoint in interfaces} == {
        f"com.amazonaws.us-east-1.{service}" for service in INTERFACE_SERVICES
    }
    for endpoint in interfaces:
        assert endpoint.inputs["privateDnsEnabled"] is True
        assert endpoint.inputs["subnetIds"] == [
            f"@{{aws:ec2/subnet:Subnet::platform-endpoints-us-east-1{zone}.id}}" for zone in "abc"
        ]


@pytest.mark.parametrize(
    "service", ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts", "sqs", "ssm", "secretsmanager"]
)
def test_what_a_node_or_a_controller_cannot_start_without_is_there(service: str) -> None:
    assert service in INTERFACE_SERVICES


def test_images_and_models_come_from_s3_without_leaving_the_vpc(plan: Plan) -> None:
    endpoint = plan.one(ENDPOINT, "platform-endpoints-s3")
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-east-1.s3"
    tables = {"data", *(f"private-us-east-1{zone}" for zone in "abc")}
    assert set(endpoint.inputs["routeTableIds"]) == {
        f"@{{aws:ec2/routeTable:RouteTable::platform-{table}.id}}" for table in tables
    }


def test_endpoints_take_https_from_private_subnets_and_nothing_else(plan: Plan) -> None:
    group = plan.one("aws:ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs
    rules = plan.all(RULE)
    assert {rule.inputs["cidrIpv4"] for rule in rules} == {"10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"}
    for rule in rules:
        assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == (
            "tcp",
            443,
            443,
        )
        assert rule.inputs["securityGroupId"] == f"@{{{group.type}::{group.name}.id}}"


def test_interface_endpoints_can_be_left_out_and_the_free_one_stays(planned: Callable[..., Plan]) -> None:
    plan = planned(interface_endpoints=False)
    assert [endpoint.name for endpoint in plan.all(ENDPOINT)] == ["platform-endpoints-s3"]
    assert plan.all("aws:ec2/securityGroup:SecurityGroup") == []
    assert plan.all(RULE) == []


@pytest.mark.parametrize(
    ("partition", "region", "service", "name"),
    [
        ("aws", "eu-west-1", "sts", "com.amazonaws.eu-west-1.sts"),
        ("aws-us-gov", "us-gov-west-1", "sts", "com.amazonaws.us-gov-west-1.sts"),
        ("aws-cn", "cn-north-1", "sts", "cn.com.amazonaws.cn-north-1.sts"),
        ("aws-cn", "cn-north-1", "s3", "com.amazonaws.cn-north-1.s3"),
    ],
)
def test_a_service_has_the_name_of_its_partition(
    place: Place, partition: str, region: str, service: str, name: str
) -> None:
    there = Place(**{**vars(place), "partition": partition, "region": region})
    assert service_name(there, service) == name
