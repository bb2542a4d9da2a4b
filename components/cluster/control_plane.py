"""What the control plane stands on: its role, the key for Secrets, the log group."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.cluster.spec import AUTO_NODE_ROLE_PURPOSE, CLUSTER_ROLE_PURPOSE
from components.core.aws import Place
from components.core.identity import PolicyDocument, attached_role, document, service_trust, to_json
from components.core.names import control_plane_log_group, key_alias

CLUSTER_POLICIES = ("AmazonEKSClusterPolicy",)
AUTO_MODE_POLICIES = (
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""What Auto Mode does in the account (EKS user guide, "EKS Auto Mode cluster IAM role")."""

AUTO_MODE_NODE_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")
"""What a node of Auto Mode needs (EKS user guide, "EKS Auto Mode node IAM role")."""

KEY_DELETION_DAYS = 30
"""The longest KMS allows: a cluster whose key is gone cannot read its own Secrets."""


def key_policy(place: Place) -> PolicyDocument:
    """Administration by the account's IAM policies; use is granted to the cluster's role there."""
    return document(
        {
            "Sid": "AccountAdministersThroughIam",
            "Effect": "Allow",
            "Principal": {"AWS": place.arn("iam", "root", region="")},
            "Action": "kms:*",
            # A key policy's resource is the key it is attached to.
            "Resource": "*",
        }
    )


def key_use(key_arn: str) -> PolicyDocument:
    """What EKS does with the key of its Secrets (EKS user guide, "Encrypt Kubernetes secrets")."""
    return document(
        {
            "Effect": "Allow",
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
            "Resource": key_arn,
        },
        {
            "Effect": "Allow",
            "Action": "kms:CreateGrant",
            "Resource": key_arn,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    )


@dataclass(frozen=True, kw_only=True)
class ControlPlaneBasisArgs:
    """Where, in which compute mode, and how long logs are kept."""

    place: Place
    auto_mode: bool
    log_retention_days: int
    protect: bool


class ControlPlaneBasis(ComponentResource):
    """Role, key and log group: they exist before the cluster and outlive it on the way down."""

    role: aws.iam.Role
    key_arn: Output[str]
    auto_node_role: aws.iam.Role | None
    """The role of Auto Mode's nodes; None where nodes are ours."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ControlPlaneBasisArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cluster:ControlPlaneBasis", name, None, opts)
        child = ResourceOptions(parent=self)
        control_plane = attached_role(
            name,
            args.place,
            purpose=CLUSTER_ROLE_PURPOSE,
            trust=service_trust("eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession")),
            managed_policies=CLUSTER_POLICIES + (AUTO_MODE_POLICIES if args.auto_mode else ()),
            opts=child,
        )
        self.role, attached = control_plane.role, control_plane.attached
        self.auto_node_role = None
        if args.auto_mode:
            nodes = attached_role(
                f"{name}-nodes",
                args.place,
                purpose=AUTO_NODE_ROLE_PURPOSE,
                trust=service_trust(f"ec2.{args.place.dns_suffix}"),
                managed_policies=AUTO_MODE_NODE_POLICIES,
                opts=child,
            )
            self.auto_node_role, attached = nodes.role, attached + nodes.attached
        key = aws.kms.Key(
            name,
            description=f"Kubernetes Secrets of {args.place.cluster_name}",
            enable_key_rotation=True,
            deletion_window_in_days=KEY_DELETION_DAYS,
            policy=to_json(key_policy(args.place)),
            opts=ResourceOptions(parent=self, protect=args.protect),
        )
        aws.kms.Alias(name, name=key_alias(args.place, "eks-secrets"), target_key_id=key.key_id, opts=child)
        use = aws.iam.RolePolicy(
            f"{name}-key",
            name="use-secrets-key",
            role=self.role.name,
            policy=key.arn.apply(lambda arn: to_json(key_use(arn))),
            opts=child,
        )
        # EKS makes this group when logging is on, without an end to retention; made first, ours stays.
        group = aws.cloudwatch.LogGroup(
            name,
            name=control_plane_log_group(args.place),
            retention_in_days=args.log_retention_days,
            opts=child,
        )
        self.key_arn = key.arn
        self.ready = (*attached, use, group)
        self.register_outputs({})
