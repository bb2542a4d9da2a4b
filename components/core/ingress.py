"""Who may open connections to a store in AWS: one port, from stated blocks, and nothing outward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions


@dataclass(frozen=True)
class Admitted:
    """A security group and its rules: a store that takes the group waits for both."""

    id: Input[str]
    ready: tuple[Resource, ...]


def admit(
    name: str,
    *,
    physical_name: str,
    vpc_id: Input[str],
    port: int,
    cidrs: Sequence[str],
    why: str,
    opts: ResourceOptions,
) -> Admitted:
    """A security group that admits `port` from these blocks; ValueError where there are none.

    By block and not by the cluster's group: the VPC CNI gives pods addresses of the node subnets, the plan
    knows those, and a pod with a group of its own would fall out of a rule that names the cluster's.
    """
    if not cidrs:
        raise ValueError(f"{name}: no blocks to admit; nobody could reach it")
    group = aws.ec2.SecurityGroup(
        name,
        vpc_id=vpc_id,
        description=why,
        tags={"Name": physical_name},
        opts=opts,
    )
    rules = tuple(
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-{index}",
            security_group_id=group.id,
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=why,
            opts=opts,
        )
        for index, cidr in enumerate(cidrs)
    )
    return Admitted(group.id, (group, *rules))
