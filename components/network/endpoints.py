"""Private ways to AWS: what the platform's controllers call does not leave the VPC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place

INTERFACE_SERVICES: tuple[str, ...] = (
    "autoscaling",  # managed node groups
    "ec2",  # Karpenter, VPC CNI, EBS CSI, load balancer controller
    "ecr.api",
    "ecr.dkr",  # image pulls; layers come through the S3 gateway endpoint
    "eks",  # node bootstrap reads the cluster
    "eks-auth",  # the Pod Identity agent; without it no workload gets credentials in a VPC without NAT
    "elasticloadbalancing",
    "kms",
    "logs",
    "secretsmanager",
    "sqs",  # Karpenter's interruption queue
    "ssm",  # Karpenter reads AMI ids
    "sts",
    "xray",  # the collector hands in traces
)
"""AWS services with an interface endpoint. IAM, Pricing and Route 53 have none in most regions (AWS
PrivateLink, "AWS services that integrate"): their callers need the public way."""


def service_name(place: Place, service: str) -> str:
    """The endpoint service's name; China prefixes all but S3 with `cn.`."""
    prefix = "cn.com.amazonaws" if place.partition == "aws-cn" and service != "s3" else "com.amazonaws"
    return f"{prefix}.{place.region}.{service}"


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    """Where endpoints go and who may reach them."""

    place: Place
    vpc_id: Input[str]
    subnet_ids: Sequence[Input[str]]
    client_cidrs: Sequence[str]
    route_table_ids: Sequence[Input[str]]
    interface: bool


class Endpoints(ComponentResource):
    """The S3 gateway endpoint, always, and one interface endpoint per service the platform calls."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: EndpointsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:network:Endpoints", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource] = [
            aws.ec2.VpcEndpoint(
                f"{name}-s3",
                vpc_id=args.vpc_id,
                service_name=service_name(args.place, "s3"),
                vpc_endpoint_type="Gateway",
                route_table_ids=list(args.route_table_ids),
                tags={"Name": f"{args.place.cluster_name}-s3"},
                opts=child,
            )
        ]
        if args.interface:
            made += self._interfaces(name, args, child)
        self.ready = tuple(made)
        self.register_outputs({})

    @staticmethod
    def _interfaces(name: str, args: EndpointsArgs, child: ResourceOptions) -> list[Resource]:
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=args.vpc_id,
            description="HTTPS from nodes and pods to AWS interface endpoints",
            tags={"Name": f"{args.place.cluster_name}-endpoints"},
            opts=child,
        )
        rules: list[Resource] = [
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-{index}",
                security_group_id=group.id,
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                description="HTTPS from a private subnet",
                opts=child,
            )
            for index, cidr in enumerate(args.client_cidrs)
        ]
        return rules + [
            aws.ec2.VpcEndpoint(
                f"{name}-{service.replace('.', '-')}",
                vpc_id=args.vpc_id,
                service_name=service_name(args.place, service),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=list(args.subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": f"{args.place.cluster_name}-{service}"},
                opts=child,
            )
            for service in INTERFACE_SERVICES
        ]
