"""A platform in miniature: every kind of dependency of the real one, few enough to be killed often."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s
from pulumi import ResourceOptions

from components.cluster.kubeconfig import kubeconfig
from components.core.aws import Place

ACCOUNT = "111122223333"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def small(*, subnets: int = 3, namespaces: int = 3, owner: str = "team-a") -> Callable[[], None]:
    """Network, role, cluster, and namespaces inside it."""

    def program() -> None:
        provider = aws.Provider("aws", region="us-east-1", allowed_account_ids=[ACCOUNT])
        _cluster(_network(provider, subnets, owner), provider, namespaces, owner)

    return program


def _network(provider: aws.Provider, subnets: int, owner: str) -> list[aws.ec2.Subnet]:
    opts = ResourceOptions(provider=provider)
    vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16", tags={"owner": owner}, opts=opts)
    gateway = aws.ec2.InternetGateway("network", vpc_id=vpc.id, opts=opts)
    table = aws.ec2.RouteTable("network", vpc_id=vpc.id, opts=opts)
    aws.ec2.Route(
        "network",
        route_table_id=table.id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=gateway.id,
        opts=opts,
    )
    made: list[aws.ec2.Subnet] = []
    for index in range(subnets):
        subnet = aws.ec2.Subnet(
            f"network-{index}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{index}.0/24",
            availability_zone=f"us-east-1{'abc'[index % 3]}",
            opts=opts,
        )
        aws.ec2.RouteTableAssociation(
            f"network-{index}", route_table_id=table.id, subnet_id=subnet.id, opts=opts
        )
        made.append(subnet)
    return made


def _cluster(subnets: list[aws.ec2.Subnet], provider: aws.Provider, namespaces: int, owner: str) -> None:
    opts = ResourceOptions(provider=provider)
    role = aws.iam.Role("cluster", name="small-cluster", assume_role_policy=TRUST, opts=opts)
    policy = aws.iam.RolePolicyAttachment(
        "cluster", role=role.name, policy_arn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy", opts=opts
    )
    cluster = aws.eks.Cluster(
        "cluster",
        name="small",
        role_arn=role.arn,
        version="1.35",
        access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
        vpc_config={"subnet_ids": [subnet.id for subnet in subnets]},
        opts=ResourceOptions(provider=provider, depends_on=[policy]),
    )
    entry = aws.eks.AccessEntry(
        "deployer",
        cluster_name=cluster.name,
        principal_arn=f"arn:aws:iam::{ACCOUNT}:role/deployer",
        opts=opts,
    )
    place = Place(
        account_id=ACCOUNT,
        partition="aws",
        region="us-east-1",
        zones=("us-east-1a", "us-east-1b", "us-east-1c"),
        environment="test",
        cluster_name="small",
        tags={},
    )
    config = pulumi.Output.all(cluster.endpoint, cluster.certificate_authority["data"]).apply(
        lambda parts: kubeconfig(place, parts[0], parts[1])
    )
    inside = ResourceOptions(
        provider=k8s.Provider("cluster", kubeconfig=config, opts=ResourceOptions(depends_on=[entry]))
    )
    for index in range(namespaces):
        _namespace(f"space-{index}", owner, inside)
    pulumi.export("endpoint", cluster.endpoint)


def _namespace(name: str, owner: str, opts: ResourceOptions) -> None:
    space: Any = k8s.core.v1.Namespace(name, metadata={"name": name, "labels": {"team": owner}}, opts=opts)
    k8s.core.v1.ResourceQuota(
        name,
        metadata={"name": "quota", "namespace": space.metadata["name"]},
        spec={"hard": {"requests.cpu": "4", "requests.memory": "8Gi"}},
        opts=opts,
    )
