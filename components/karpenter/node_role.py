"""The identity of every node that Karpenter starts."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.bootstrap_nodes.spec import NODE_POLICIES
from components.core.aws import Place
from components.core.identity import attached_role, service_trust
from components.karpenter.spec import NODE_ROLE_PURPOSE


@dataclass(frozen=True, kw_only=True)
class NodeRoleArgs:
    """Which cluster the nodes may join."""

    place: Place
    cluster_name: Input[str]


class NodeRole(ComponentResource):
    """A role that lets an instance join this cluster and pull images, and little else."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: NodeRoleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:karpenter:NodeRole", name, None, opts)
        child = ResourceOptions(parent=self)
        node = attached_role(
            name,
            args.place,
            purpose=NODE_ROLE_PURPOSE,
            trust=service_trust(f"ec2.{args.place.dns_suffix}"),
            managed_policies=NODE_POLICIES,
            opts=child,
        )
        # EKS makes this entry for managed node groups only. The type brings the rights of a node; groups and
        # access policies are not accepted on it.
        entry = aws.eks.AccessEntry(
            name, cluster_name=args.cluster_name, principal_arn=node.role.arn, type="EC2_LINUX", opts=child
        )
        self.ready = (*node.attached, entry)
        self.register_outputs({})
