"""Subnets and routes of a VPC we make: who reaches the internet, and through what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.core.aws import Place
from components.core.labels import DISCOVERY_TAG
from components.network.layout import Layout, Subnet, Tier

SubnetsByZone = Mapping[tuple[Tier, str], aws.ec2.Subnet]


def tier_tags(tier: Tier, cluster_name: str) -> dict[str, str]:
    """What controllers find a tier's subnets by: Karpenter the private ones, load balancers by role."""
    if tier == "private":
        return {DISCOVERY_TAG: cluster_name, "kubernetes.io/role/internal-elb": "1"}
    if tier == "public":
        return {"kubernetes.io/role/elb": "1"}
    return {}


@dataclass(frozen=True, kw_only=True)
class SubnetsArgs:
    """The planned subnets and how private ones leave the VPC."""

    place: Place
    layout: Layout
    vpc_id: Input[str]
    nat_gateways: Literal["single", "per_zone"]
    protect: bool


class Subnets(ComponentResource):
    """Public subnets behind an internet gateway, private ones behind NAT, the rest without a way out."""

    ids: Mapping[Tier, Sequence[Output[str]]]
    route_table_ids: Sequence[Output[str]]
    """Tables of the tiers whose clients use S3: private and data."""
    ready: tuple[Resource, ...]
    """Routes and NAT: a node that boots before them cannot join."""

    def __init__(self, name: str, args: SubnetsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:network:Subnets", name, None, opts)
        self._name, self._args, self._child = name, args, ResourceOptions(parent=self)
        by_zone: SubnetsByZone = {
            (subnet.tier, subnet.zone): self._subnet(subnet) for subnet in args.layout.subnets
        }
        self.ids = {
            tier: [by_zone[tier, subnet.zone].id for subnet in args.layout.tier(tier)]
            for tier in ("private", "public", "data", "endpoints", "control-plane")
        }
        way_out, made = self._public_routes(by_zone)
        private_tables, private_made = self._private_routes(by_zone, way_out)
        data_table = self._table("data")
        isolated = [
            self._associate(f"data-{subnet.zone}", by_zone["data", subnet.zone], data_table)
            for subnet in args.layout.tier("data")
        ]
        self.route_table_ids = [*(table.id for table in private_tables), data_table.id]
        self.ready = (*made, *private_made, *isolated)
        self.register_outputs({})

    def _subnet(self, subnet: Subnet) -> aws.ec2.Subnet:
        label = f"{subnet.tier}-{subnet.zone}"
        return aws.ec2.Subnet(
            f"{self._name}-{label}",
            vpc_id=self._args.vpc_id,
            availability_zone=subnet.zone,
            cidr_block=subnet.cidr,
            # Never a public address by default: load balancers ask for theirs, nodes have none.
            map_public_ip_on_launch=False,
            tags={
                "Name": f"{self._args.place.cluster_name}-{label}",
                **tier_tags(subnet.tier, self._args.place.cluster_name),
            },
            opts=ResourceOptions(parent=self, protect=self._args.protect),
        )

    def _table(self, label: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{label}",
            vpc_id=self._args.vpc_id,
            tags={"Name": f"{self._args.place.cluster_name}-{label}"},
            opts=self._child,
        )

    def _associate(
        self, label: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> aws.ec2.RouteTableAssociation:
        return aws.ec2.RouteTableAssociation(
            f"{self._name}-{label}", subnet_id=subnet.id, route_table_id=table.id, opts=self._child
        )

    def _public_routes(self, by_zone: SubnetsByZone) -> tuple[Resource, list[Resource]]:
        gateway = aws.ec2.InternetGateway(
            self._name,
            vpc_id=self._args.vpc_id,
            tags={"Name": self._args.place.cluster_name},
            opts=self._child,
        )
        table = self._table("public")
        route = aws.ec2.Route(
            f"{self._name}-public",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self._child,
        )
        associations = [
            self._associate(f"public-{subnet.zone}", by_zone["public", subnet.zone], table)
            for subnet in self._args.layout.tier("public")
        ]
        return route, [route, *associations]

    def _private_routes(
        self, by_zone: SubnetsByZone, way_out: Resource
    ) -> tuple[list[aws.ec2.RouteTable], list[Resource]]:
        zones = [subnet.zone for subnet in self._args.layout.tier("private")]
        nat_zones = zones if self._args.nat_gateways == "per_zone" else zones[:1]
        gateways = {zone: self._nat(zone, by_zone["public", zone], way_out) for zone in nat_zones}
        tables: list[aws.ec2.RouteTable] = []
        made: list[Resource] = []
        for zone in zones:
            table = self._table(f"private-{zone}")
            route = aws.ec2.Route(
                f"{self._name}-private-{zone}",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=gateways.get(zone, gateways[nat_zones[0]]).id,
                opts=self._child,
            )
            made += [route, self._associate(f"private-{zone}", by_zone["private", zone], table)]
            tables.append(table)
        return tables, made

    def _nat(self, zone: str, subnet: aws.ec2.Subnet, way_out: Resource) -> aws.ec2.NatGateway:
        tags = {"Name": f"{self._args.place.cluster_name}-{zone}"}
        # An address and a NAT gateway need the VPC's way out first, which Pulumi cannot see (EC2 API
        # reference, CreateNatGateway); on the way down the internet gateway cannot detach before them.
        after = ResourceOptions(parent=self, depends_on=[way_out])
        address = aws.ec2.Eip(f"{self._name}-{zone}", domain="vpc", tags=tags, opts=after)
        return aws.ec2.NatGateway(
            f"{self._name}-{zone}", subnet_id=subnet.id, allocation_id=address.id, tags=tags, opts=after
        )
