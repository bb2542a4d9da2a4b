"""Rows of the network itself: VPC, subnets, gateways, routes."""

from __future__ import annotations

from agentic.sandbox.providers.aws.row import Call, It, Row, Setting
from agentic.sandbox.providers.aws.styles import by_tag, ec2_tags


def _vpc_attribute(name: str) -> Call:
    member = name[0].upper() + name[1:]
    return Call("modify_vpc_attribute", lambda it: {"VpcId": it.id, member: {"Value": it.get(name, True)}})


def _read_vpc_attribute(name: str) -> object:
    member = name[0].upper() + name[1:]

    def read(it: It, _: object) -> bool:
        answer = it.aws.call("ec2", "describe_vpc_attribute", {"VpcId": it.id, "Attribute": name}, it.region)
        return bool(answer[member]["Value"])

    return read


ROWS = (
    Row(
        token="aws:ec2/vpc:Vpc",
        service="ec2",
        create=Call("create_vpc"),
        made="Vpc.VpcId",
        read=Call("describe_vpcs", lambda it: {"VpcIds": [it.id]}),
        at="Vpcs[0]",
        delete=(Call("delete_vpc", lambda it: {"VpcId": it.id}),),
        settings=(
            Setting("enableDnsSupport", _vpc_attribute("enableDnsSupport")),
            Setting("enableDnsHostnames", _vpc_attribute("enableDnsHostnames")),
        ),
        observe={n: _read_vpc_attribute(n) for n in ("enableDnsSupport", "enableDnsHostnames")},
        outputs={"arn": lambda it, _: f"arn:aws:ec2:{it.region}:{it.aws.account}:vpc/{it.id}"},
        replace="cidrBlock instanceTenancy",
        tags=ec2_tags("vpc"),
        search=by_tag("describe_vpcs", "Vpcs[].VpcId"),
    ),
)
