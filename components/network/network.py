"""The network: a VPC made here or one that exists, in the same terms to everything that uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place
from components.core.labels import CLUSTER_TAG
from components.network.endpoints import Endpoints, EndpointsArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.layout import Layout, Tier, layout
from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec
from components.network.subnets import Subnets, SubnetsArgs, tier_tags


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What was said about the network, and where."""

    place: Place
    spec: CreatedNetworkSpec | ExistingNetworkSpec
    protect: bool
    """VPC and subnets; routes and endpoints may still change."""


class Network(ComponentResource):
    """Subnets in tiers, known by block at plan time whether they are ours or not."""

    vpc_id: Input[str]
    layout: Layout
    ready: tuple[Resource, ...]
    """What nodes need before they boot."""
    _ids: Mapping[Tier, Sequence[Input[str]]]

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:network:Network", name, None, opts)
        self.layout = layout(args.spec, args.place.zones)
        if isinstance(args.spec, CreatedNetworkSpec):
            self._create(name, args.place, args.spec, protect=args.protect)
        else:
            self._adopt(name, args.place, args.spec)
        self.register_outputs({"vpcId": self.vpc_id})

    def subnet_ids(self, tier: Tier) -> list[Input[str]]:
        """The ids of a tier's subnets, in the order of the zones."""
        return list(self._ids[tier])

    def _create(self, name: str, place: Place, spec: CreatedNetworkSpec, *, protect: bool) -> None:
        child = ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=spec.cidr,
            enable_dns_support=True,
            # Private DNS of interface endpoints needs host names as well as resolution.
            enable_dns_hostnames=True,
            tags={"Name": place.cluster_name, CLUSTER_TAG: place.cluster_name},
            opts=ResourceOptions(parent=self, protect=protect),
        )
        # Takes every rule away from the group AWS makes: what forgets its security group reaches nothing.
        aws.ec2.DefaultSecurityGroup(name, vpc_id=vpc.id, tags={"Name": "unused"}, opts=child)
        subnets = Subnets(
            name,
            SubnetsArgs(
                place=place,
                layout=self.layout,
                vpc_id=vpc.id,
                nat_gateways=spec.nat_gateways,
                protect=protect,
            ),
            opts=child,
        )
        endpoints = Endpoints(
            f"{name}-endpoints",
            EndpointsArgs(
                place=place,
                vpc_id=vpc.id,
                subnet_ids=subnets.ids["endpoints"],
                client_cidrs=self.layout.cidrs("private"),
                route_table_ids=subnets.route_table_ids,
                interface=spec.interface_endpoints,
            ),
            opts=child,
        )
        FlowLogs(
            f"{name}-flow-logs",
            FlowLogsArgs(place=place, vpc_id=vpc.id, retention_days=spec.flow_logs_retention_days),
            opts=child,
        )
        self.vpc_id = vpc.id
        self._ids = subnets.ids
        self.ready = (*subnets.ready, *endpoints.ready)

    def _adopt(self, name: str, place: Place, spec: ExistingNetworkSpec) -> None:
        # Somebody else's VPC: only the tags that controllers look for are ours, and go when the stack goes.
        child = ResourceOptions(parent=self)
        tags: list[Resource] = [
            aws.ec2.Tag(
                f"{name}-vpc", resource_id=spec.vpc_id, key=CLUSTER_TAG, value=place.cluster_name, opts=child
            )
        ]
        for subnet in self.layout.subnets:
            tags += [
                aws.ec2.Tag(
                    f"{name}-{subnet.id}-{key.rpartition('/')[2]}",
                    resource_id=subnet.id or "",
                    key=key,
                    value=value,
                    opts=child,
                )
                for key, value in tier_tags(subnet.tier, place.cluster_name).items()
            ]
        self.vpc_id = spec.vpc_id
        self._ids = {
            tier: [subnet.id or "" for subnet in self.layout.tier(tier)]
            for tier in ("private", "public", "data", "endpoints", "control-plane")
        }
        self.ready = tuple(tags)
