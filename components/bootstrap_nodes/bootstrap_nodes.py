"""The managed node group that Karpenter and the cluster's controllers run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.bootstrap_nodes.render import (
    AMI_TYPES,
    LABELS,
    TAINTS,
    metadata_options,
    root_volume,
    tag_specifications,
)
from components.bootstrap_nodes.spec import NODE_POLICIES, BootstrapSpec
from components.core.aws import Place
from components.core.identity import attached_role, service_trust

ROLE_PURPOSE = "bootstrap-node"


@dataclass(frozen=True, kw_only=True)
class BootstrapNodesArgs:
    """What was said about the nodes, and where they go."""

    place: Place
    spec: BootstrapSpec
    cluster_name: Input[str]
    kubernetes_version: str
    subnet_ids: Sequence[Input[str]]
    after: tuple[Resource, ...]
    """The add-ons without which a node cannot become ready: network, proxy, pod identity."""


class BootstrapNodes(ComponentResource):
    """At least two on-demand nodes that only critical add-ons may use."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: BootstrapNodesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:bootstrap_nodes:BootstrapNodes", name, None, opts)
        self._child = ResourceOptions(parent=self)
        node = attached_role(
            name,
            args.place,
            purpose=ROLE_PURPOSE,
            trust=service_trust(f"ec2.{args.place.dns_suffix}"),
            managed_policies=NODE_POLICIES,
            opts=self._child,
        )
        # No names of our own here: a change of machines replaces the group, and the new one has to stand
        # beside the old until Karpenter has moved.
        template = aws.ec2.LaunchTemplate(
            name,
            update_default_version=True,
            metadata_options=metadata_options(),
            block_device_mappings=[root_volume(args.spec)],
            tag_specifications=tag_specifications(args.place),
            opts=self._child,
        )
        # EKS makes the access entry of this role itself (EC2_LINUX); a second one would be refused.
        group = aws.eks.NodeGroup(
            name,
            cluster_name=args.cluster_name,
            node_role_arn=node.role.arn,
            subnet_ids=list(args.subnet_ids),
            version=args.kubernetes_version,
            release_version=args.spec.release_version,
            ami_type=AMI_TYPES[args.spec.architecture],
            capacity_type="ON_DEMAND",
            instance_types=list(args.spec.instance_types),
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            scaling_config={
                "min_size": args.spec.min_size,
                "desired_size": args.spec.desired_size,
                "max_size": args.spec.max_size,
            },
            # One node at a time: Karpenter's disruption budget lets one replica move.
            update_config={"max_unavailable": 1},
            labels=dict(LABELS),
            taints=list(TAINTS),
            # Deleting goes the other way round: nodes that lose these policies first cannot leave cleanly.
            opts=ResourceOptions(parent=self, depends_on=[*node.attached, *args.after]),
        )
        self.ready = (group,)
        self.register_outputs({})
