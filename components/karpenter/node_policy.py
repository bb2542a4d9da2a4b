"""What Karpenter may do to instances and their identity: the two published policies that change anything."""

from __future__ import annotations

from typing import Any

from components.core.aws import Place
from components.core.identity import PolicyDocument, document

Condition = dict[str, dict[str, Any]]


def node_lifecycle(place: Place) -> PolicyDocument:
    """Start, tag and stop instances, and only those that carry this cluster's tags."""
    made = [
        _ec2(place, kind)
        for kind in (
            "fleet",
            "instance",
            "volume",
            "network-interface",
            "launch-template",
            "spot-instances-request",
        )
    ]
    requested: Condition = {
        "StringEquals": {_owned("aws:RequestTag", place): "owned", **_cluster_tag(place)},
        "StringLike": {"aws:RequestTag/karpenter.sh/nodepool": "*"},
    }
    owned: Condition = {
        "StringEquals": {_owned("aws:ResourceTag", place): "owned"},
        "StringLike": {"aws:ResourceTag/karpenter.sh/nodepool": "*"},
    }
    return document(
        {
            "Sid": "AllowScopedEC2InstanceAccessActions",
            "Effect": "Allow",
            "Action": ["ec2:RunInstances", "ec2:CreateFleet"],
            "Resource": [
                # Public images and snapshots have no account in their ARN.
                place.arn("ec2", "image/*", account=""),
                place.arn("ec2", "snapshot/*", account=""),
                *(
                    _ec2(place, kind)
                    for kind in ("security-group", "subnet", "capacity-reservation", "placement-group")
                ),
            ],
        },
        {
            "Sid": "AllowScopedEC2LaunchTemplateAccessActions",
            "Effect": "Allow",
            "Action": ["ec2:RunInstances", "ec2:CreateFleet"],
            "Resource": _ec2(place, "launch-template"),
            "Condition": owned,
        },
        {
            "Sid": "AllowScopedEC2InstanceActionsWithTags",
            "Effect": "Allow",
            "Action": ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
            "Resource": made,
            "Condition": requested,
        },
        {
            "Sid": "AllowScopedResourceCreationTagging",
            "Effect": "Allow",
            "Action": "ec2:CreateTags",
            "Resource": made,
            "Condition": {
                **requested,
                "StringEquals": {
                    **requested["StringEquals"],
                    "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
                },
            },
        },
        {
            "Sid": "AllowScopedResourceTagging",
            "Effect": "Allow",
            "Action": "ec2:CreateTags",
            "Resource": _ec2(place, "instance"),
            "Condition": {
                **owned,
                "StringEqualsIfExists": _cluster_tag(place),
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]
                },
            },
        },
        {
            "Sid": "AllowScopedDeletion",
            "Effect": "Allow",
            "Action": ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            "Resource": [_ec2(place, "instance"), _ec2(place, "launch-template")],
            "Condition": owned,
        },
    )


def iam_integration(place: Place, node_role_arn: str) -> PolicyDocument:
    """Hand the node role, and no other, to EC2; manage the instance profiles of this cluster."""
    profiles = place.arn("iam", "instance-profile/*", region="")
    requested = {
        _owned("aws:RequestTag", place): "owned",
        **_cluster_tag(place),
        "aws:RequestTag/topology.kubernetes.io/region": place.region,
    }
    existing = {
        _owned("aws:ResourceTag", place): "owned",
        "aws:ResourceTag/topology.kubernetes.io/region": place.region,
    }
    requested_class = {"aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*"}
    existing_class = {"aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*"}
    return document(
        {
            "Sid": "AllowPassingInstanceRole",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": node_role_arn,
            "Condition": {
                "StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}
            },
        },
        {
            "Sid": "AllowScopedInstanceProfileCreationActions",
            "Effect": "Allow",
            "Action": "iam:CreateInstanceProfile",
            "Resource": profiles,
            "Condition": {"StringEquals": requested, "StringLike": requested_class},
        },
        {
            "Sid": "AllowScopedInstanceProfileTagActions",
            "Effect": "Allow",
            "Action": "iam:TagInstanceProfile",
            "Resource": profiles,
            "Condition": {
                "StringEquals": {**existing, **requested},
                "StringLike": {**existing_class, **requested_class},
            },
        },
        {
            "Sid": "AllowScopedInstanceProfileActions",
            "Effect": "Allow",
            "Action": [
                "iam:AddRoleToInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:DeleteInstanceProfile",
            ],
            "Resource": profiles,
            "Condition": {"StringEquals": existing, "StringLike": existing_class},
        },
    )


def _ec2(place: Place, kind: str) -> str:
    # Any account: subnets, security groups and reservations can be shared by another one.
    return place.arn("ec2", f"{kind}/*", account="*")


def _owned(condition_key: str, place: Place) -> str:
    return f"{condition_key}/kubernetes.io/cluster/{place.cluster_name}"


def _cluster_tag(place: Place) -> dict[str, str]:
    return {"aws:RequestTag/eks:eks-cluster-name": place.cluster_name}
