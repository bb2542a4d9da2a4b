"""Rows of the network: VPC, subnets, gateways, addresses, route tables.

Replace-on-change follows terraform-provider-aws 6 (ForceNew) as bridged by pulumi-aws 7.51.1, here and in all rows.
"""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.aws.row import Call, It, Look, Row, Setting
from agentic.sandbox.providers.aws.styles import by_tag, ec2_tags, look, run
from agentic.sandbox.providers.kinds import ResourceError


def ec2_arn(kind: str) -> Look:
    """The ARN of an EC2 thing, which its describe call does not give."""
    return lambda it, _: f"arn:aws:ec2:{it.region}:{it.aws.account}:{kind}/{it.id}"


def _member(name: str) -> str:
    return name[0].upper() + name[1:]


def _vpc_attribute(name: str) -> Call:
    return Call("modify_vpc_attribute", lambda it: {"VpcId": it.id, _member(name): {"Value": it[name]}})


def _read_vpc_attribute(name: str) -> Look:
    return lambda it, _: run(it, "ec2", "describe_vpc_attribute", VpcId=it.id, Attribute=name)[_member(name)][
        "Value"
    ]


def _in_vpc(it: It, method: str, things: str, **more: list[str]) -> list[dict[str, Any]]:
    filters = [
        {"Name": "vpc-id", "Values": [it.id]},
        *({"Name": k.replace("_", "-"), "Values": v} for k, v in more.items()),
    ]
    return list(run(it, "ec2", method, Filters=filters)[things])


def _vpc_blockers(it: It) -> str | None:
    """AWS refuses while anything but the VPC's own defaults is left; moto looks at subnets and route tables only."""
    left = [thing["SubnetId"] for thing in _in_vpc(it, "describe_subnets", "Subnets")]
    left += [
        thing["GroupId"]
        for thing in _in_vpc(it, "describe_security_groups", "SecurityGroups")
        if thing["GroupName"] != "default"
    ]
    gateways = run(it, "ec2", "describe_internet_gateways")["InternetGateways"]
    left += [g["InternetGatewayId"] for g in gateways if any(a["VpcId"] == it.id for a in g["Attachments"])]
    endpoints = run(it, "ec2", "describe_vpc_endpoints")["VpcEndpoints"]
    left += [e["VpcEndpointId"] for e in endpoints if e["VpcId"] == it.id and e["State"] != "deleted"]
    return f"The vpc '{it.id}' has dependencies and cannot be deleted: {', '.join(left)}" if left else None


def _subnet_blockers(it: It) -> str | None:
    gateways = run(it, "ec2", "describe_nat_gateways")["NatGateways"]
    left = [g["NatGatewayId"] for g in gateways if g["SubnetId"] == it.id and g["State"] != "deleted"]
    endpoints = run(it, "ec2", "describe_vpc_endpoints")["VpcEndpoints"]
    left += [
        e["VpcEndpointId"] for e in endpoints if it.id in e.get("SubnetIds", []) and e["State"] != "deleted"
    ]
    return f"The subnet '{it.id}' has dependencies and cannot be deleted: {', '.join(left)}" if left else None


def _move_gateway(it: It) -> None:
    if it.before.get("vpcId"):
        run(it, "ec2", "detach_internet_gateway", InternetGatewayId=it.id, VpcId=it.before["vpcId"])
    if it.get("vpcId"):
        run(it, "ec2", "attach_internet_gateway", InternetGatewayId=it.id, VpcId=it["vpcId"])


def _forget_interface(it: It) -> None:
    """AWS frees address and network interface with the gateway; moto leaves both behind."""
    for address in look(it, "ec2", "describe_addresses").get("Addresses", []):
        if address.get("AllocationId") == it.get("allocationId") and address.get("AssociationId"):
            run(it, "ec2", "disassociate_address", AssociationId=address["AssociationId"])
    if it.get("networkInterfaceId"):
        run(it, "ec2", "delete_network_interface", NetworkInterfaceId=it["networkInterfaceId"])


_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
_TARGETS = (
    "gatewayId natGatewayId networkInterfaceId transitGatewayId vpcEndpointId vpcPeeringConnectionId "
    "egressOnlyGatewayId"
)


def _destination(it: It) -> dict[str, str]:
    place = it.parts("_", 1)[1]
    member = (
        "DestinationIpv6CidrBlock"
        if ":" in place
        else "DestinationPrefixListId"
        if place.startswith("pl-")
        else "DestinationCidrBlock"
    )
    return {"RouteTableId": it.parts("_", 1)[0], member: place}


def _one_route(it: It, answer: Any) -> Any:
    place = it.parts("_", 1)[1]
    routes: Any = answer["RouteTables"][0]["Routes"] if answer["RouteTables"] else []
    return next((r for r in routes if place in (r.get(_member(name)) for name in _DESTINATIONS)), None)


def _targets(it: It) -> dict[str, Any]:
    renamed = {"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"}
    return {renamed.get(name, _member(name)): it[name] for name in _TARGETS.split() if it.get(name)}


def _association(it: It, answer: Any) -> Any:
    found = [a for table in answer["RouteTables"] for a in table["Associations"]]
    return next((a for a in found if it.id in (a.get("SubnetId"), a.get("GatewayId"))), None)


def _association_id(it: It) -> str:
    found = _association(it, run(it, "ec2", "describe_route_tables"))
    if found is None:
        raise ResourceError("InvalidAssociationID.NotFound", f"{it.id} has no route table of its own")
    return str(found["RouteTableAssociationId"])


ROWS = (
    Row(
        type="aws:ec2/vpc:Vpc",
        service="ec2",
        create=Call("create_vpc"),
        made="Vpc.VpcId",
        read=Call("describe_vpcs", lambda it: {"VpcIds": [it.id]}),
        at="Vpcs[0]",
        delete=(Call("delete_vpc", lambda it: {"VpcId": it.id}),),
        blocked=_vpc_blockers,
        settings=(
            Setting("enableDnsSupport", _vpc_attribute("enableDnsSupport")),
            Setting("enableDnsHostnames", _vpc_attribute("enableDnsHostnames")),
        ),
        observe={n: _read_vpc_attribute(n) for n in ("enableDnsSupport", "enableDnsHostnames")},
        outputs={
            "arn": ec2_arn("vpc"),
            "ownerId": "OwnerId",
            "defaultSecurityGroupId": lambda it, _: next(
                g["GroupId"]
                for g in _in_vpc(it, "describe_security_groups", "SecurityGroups", group_name=["default"])
            ),
            "mainRouteTableId": lambda it, _: next(
                t["RouteTableId"]
                for t in _in_vpc(it, "describe_route_tables", "RouteTables")
                if any(a.get("Main") for a in t["Associations"])
            ),
        },
        replace="instanceTenancy",
        tags=ec2_tags("vpc"),
        search=by_tag("describe_vpcs", "Vpcs", "VpcId"),
    ),
    Row(
        type="aws:ec2/subnet:Subnet",
        service="ec2",
        create=Call("create_subnet"),
        made="Subnet.SubnetId",
        read=Call("describe_subnets", lambda it: {"SubnetIds": [it.id]}),
        at="Subnets[0]",
        delete=(Call("delete_subnet", lambda it: {"SubnetId": it.id}),),
        blocked=_subnet_blockers,
        settings=(
            Setting(
                "mapPublicIpOnLaunch",
                Call(
                    "modify_subnet_attribute",
                    lambda it: {
                        "SubnetId": it.id,
                        "MapPublicIpOnLaunch": {"Value": it["mapPublicIpOnLaunch"]},
                    },
                ),
            ),
        ),
        outputs={"arn": ec2_arn("subnet"), "ownerId": "OwnerId"},
        tags=ec2_tags("subnet"),
        search=by_tag("describe_subnets", "Subnets", "SubnetId"),
    ),
    Row(
        type="aws:ec2/internetGateway:InternetGateway",
        service="ec2",
        create=Call("create_internet_gateway"),
        made="InternetGateway.InternetGatewayId",
        read=Call("describe_internet_gateways", lambda it: {"InternetGatewayIds": [it.id]}),
        at="InternetGateways[0]",
        delete=(
            Call(
                "detach_internet_gateway",
                lambda it: {"InternetGatewayId": it.id, "VpcId": it["vpcId"]},
                when=lambda it: bool(it.get("vpcId")),
            ),
            Call("delete_internet_gateway", lambda it: {"InternetGatewayId": it.id}),
        ),
        settings=(Setting("vpcId", _move_gateway),),
        observe={"vpcId": "Attachments[0].VpcId"},
        outputs={"arn": ec2_arn("internet-gateway"), "ownerId": "OwnerId"},
        tags=ec2_tags("internet-gateway"),
        search=by_tag("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ),
    Row(
        type="aws:ec2/eip:Eip",
        service="ec2",
        create=Call("allocate_address"),
        made="AllocationId",
        read=Call("describe_addresses", lambda it: {"AllocationIds": [it.id]}),
        at="Addresses[0]",
        delete=(Call("release_address", lambda it: {"AllocationId": it.id}),),
        # The association is left out: it appears when somebody else uses the address, which is no drift.
        outputs={"allocationId": "AllocationId", "arn": ec2_arn("elastic-ip"), "publicIp": "PublicIp"},
        tags=ec2_tags("elastic-ip"),
        search=by_tag("describe_addresses", "Addresses", "AllocationId"),
    ),
    Row(
        type="aws:ec2/natGateway:NatGateway",
        service="ec2",
        create=Call("create_nat_gateway"),
        made="NatGateway.NatGatewayId",
        read=Call("describe_nat_gateways", lambda it: {"NatGatewayIds": [it.id]}),
        at="NatGateways[?State!='deleted'] | [0]",
        delete=(Call("delete_nat_gateway", lambda it: {"NatGatewayId": it.id}), _forget_interface),
        observe={
            "allocationId": "NatGatewayAddresses[0].AllocationId",
            "privateIp": "NatGatewayAddresses[0].PrivateIp",
        },
        outputs={
            "networkInterfaceId": "NatGatewayAddresses[0].NetworkInterfaceId",
            "publicIp": "NatGatewayAddresses[0].PublicIp",
        },
        tags=ec2_tags("natgateway"),
        search=by_tag("describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ),
    Row(
        type="aws:ec2/routeTable:RouteTable",
        service="ec2",
        create=Call("create_route_table"),
        made="RouteTable.RouteTableId",
        read=Call("describe_route_tables", lambda it: {"RouteTableIds": [it.id]}),
        at="RouteTables[0]",
        delete=(Call("delete_route_table", lambda it: {"RouteTableId": it.id}),),
        outputs={"arn": ec2_arn("route-table"), "ownerId": "OwnerId"},
        tags=ec2_tags("route-table"),
        search=by_tag("describe_route_tables", "RouteTables", "RouteTableId"),
    ),
    Row(
        type="aws:ec2/route:Route",
        service="ec2",
        create=Call("create_route", _targets),
        natural=lambda inputs: "_".join(
            [inputs["routeTableId"], *(inputs[n] for n in _DESTINATIONS if inputs.get(n))]
        ),
        read=Call("describe_route_tables", lambda it: {"RouteTableIds": [it.parts("_", 1)[0]]}),
        at=_one_route,
        delete=(Call("delete_route", _destination),),
        settings=(
            Setting(
                _TARGETS, Call("replace_route", lambda it: {**_destination(it), **_targets(it)}), later=True
            ),
        ),
        observe={"routeTableId": lambda it, _: it.parts("_", 1)[0]},
        outputs={"origin": "Origin", "state": "State"},
    ),
    Row(
        type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        service="ec2",
        create=Call("associate_route_table"),
        natural=lambda inputs: inputs.get("subnetId") or inputs["gatewayId"],
        read=Call("describe_route_tables"),
        at=_association,
        delete=(Call("disassociate_route_table", lambda it: {"AssociationId": _association_id(it)}),),
        settings=(
            Setting(
                "routeTableId",
                Call(
                    "replace_route_table_association",
                    lambda it: {"AssociationId": _association_id(it), "RouteTableId": it["routeTableId"]},
                ),
            ),
        ),
    ),
)
