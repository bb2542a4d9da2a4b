"""What Karpenter's controller may do: the policy set its project publishes for v1.14, statement by statement.

Source: the CloudFormation template of "Getting Started with Karpenter" v1.14
(https://karpenter.sh/v1.14/reference/cloudformation/). Older posts lack actions that v1.14 needs: without
iam:ListInstanceProfiles an EC2NodeClass never loses its finalizer (aws/karpenter-provider-aws#9185).
"""

from __future__ import annotations

from collections.abc import Mapping

from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.karpenter.node_policy import iam_integration, node_lifecycle


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
