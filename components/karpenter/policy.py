"""What Karpenter's controller may do: the policy set its project publishes for v1.14, statement by statement.

Source: the CloudFormation template of "Getting Started with Karpenter" v1.14
(https://karpenter.sh/v1.14/reference/cloudformation/). Older posts lack actions that v1.14 needs: without
iam:ListInstanceProfiles an EC2NodeClass never loses its finalizer (aws/karpenter-provider-aws#9185).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.core.aws import Place
from components.core.identity import PolicyDocument, document

Statement = dict[str, Any]
Condition = dict[str, dict[str, Any]]


def controller_policies(
    place: Place, *, node_role_arn: str, queue_arn: str, zonal_shift: bool
) -> Mapping[str, PolicyDocument]:
    """The controller's managed policies by short name; zonal shift only where it is switched on."""
    return {
        "node-lifecycle": node_lifecycle(place),
        "iam-integration": iam_integration(place, node_role_arn),
        "eks-integration": eks_integration(place),
        "interruption": interruption(queue_arn),
        "resource-discovery": resource_discovery(place),
        **({"zonal-shift": zonal_shift_status(place)} if zonal_shift else {}),
    }


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


def eks_integration(place: Place) -> PolicyDocument:
    """Find the endpoint of this cluster; so that no Helm value has to carry it."""
    return document(
        {
            "Sid": "AllowAPIServerEndpointDiscovery",
            "Effect": "Allow",
            "Action": "eks:DescribeCluster",
            "Resource": place.cluster_arn,
        }
    )


def interruption(queue_arn: str) -> PolicyDocument:
    """Read the interruption queue, and nothing but that queue."""
    return document(
        {
            "Sid": "AllowInterruptionQueueActions",
            "Effect": "Allow",
            "Action": ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            "Resource": queue_arn,
        }
    )


def zonal_shift_status(place: Place) -> PolicyDocument:
    """Read whether a zone of this cluster is shifted away from."""
    return document(
        {
            "Sid": "AllowZonalShiftStatusReadOnly",
            "Effect": "Allow",
            "Action": "arc-zonal-shift:GetManagedResource",
            # arc-zonal-shift knows no ARN here; the condition names the cluster.
            "Resource": "*",
            "Condition": {"StringEquals": {"arc-zonal-shift:ResourceIdentifier": place.cluster_arn}},
        }
    )


def resource_discovery(place: Place) -> PolicyDocument:
    """Read what there is to buy in this region, and at which price."""
    return document(
        {
            "Sid": "AllowRegionalReadActions",
            "Effect": "Allow",
            "Action": [
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribePlacementGroups",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
            ],
            # EC2's Describe calls take no resource.
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": place.region}},
        },
        {
            "Sid": "AllowSSMReadActions",
            "Effect": "Allow",
            "Action": "ssm:GetParameter",
            "Resource": place.arn("ssm", "parameter/aws/service/*", account=""),
        },
        # The price list and the list of instance profiles take no resource either.
        {
            "Sid": "AllowPricingReadActions",
            "Effect": "Allow",
            "Action": "pricing:GetProducts",
            "Resource": "*",
        },
        {
            "Sid": "AllowUnscopedInstanceProfileListAction",
            "Effect": "Allow",
            "Action": "iam:ListInstanceProfiles",
            "Resource": "*",
        },
        {
            "Sid": "AllowInstanceProfileReadActions",
            "Effect": "Allow",
            "Action": "iam:GetInstanceProfile",
            "Resource": place.arn("iam", "instance-profile/*", region=""),
        },
    )


def _ec2(place: Place, kind: str) -> str:
    # Any account: subnets, security groups and reservations can be shared by another one.
    return place.arn("ec2", f"{kind}/*", account="*")


def _owned(condition_key: str, place: Place) -> str:
    return f"{condition_key}/kubernetes.io/cluster/{place.cluster_name}"


def _cluster_tag(place: Place) -> dict[str, str]:
    return {"aws:RequestTag/eks:eks-cluster-name": place.cluster_name}
