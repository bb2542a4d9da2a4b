from __future__ import annotations

import json
from typing import Any

import pytest

from components.core.aws import Place
from components.core.identity import to_json
from components.karpenter.policy import controller_policies

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
NODE_ROLE = "arn:aws:iam::111122223333:role/ai-dev-karpenter-node"
QUEUE = "arn:aws:sqs:us-east-1:111122223333:ai-dev-karpenter"
MANAGED_POLICY_LIMIT = 6144  # IAM quotas: characters of a managed policy, whitespace not counted


def policies(*, zonal_shift: bool = False, place: Place = PLACE) -> dict[str, dict[str, Any]]:
    return dict(controller_policies(place, node_role_arn=NODE_ROLE, queue_arn=QUEUE, zonal_shift=zonal_shift))


def statements(**options: Any) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for policy in policies(**options).values() for one in policy["Statement"]}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_every_action_that_karpenter_1_14_needs_is_granted() -> None:
    """Without iam:ListInstanceProfiles an EC2NodeClass is never let go (aws/karpenter-provider-aws#9185)."""
    granted = {action for one in statements().values() for action in listed(one["Action"])}
    assert granted == {
        "ec2:CreateFleet",
        "ec2:CreateLaunchTemplate",
        "ec2:CreateTags",
        "ec2:DeleteLaunchTemplate",
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
        "ec2:RunInstances",
        "ec2:TerminateInstances",
        "eks:DescribeCluster",
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:ListInstanceProfiles",
        "iam:PassRole",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "pricing:GetProducts",
        "sqs:DeleteMessage",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
        "ssm:GetParameter",
    }


def test_there_are_five_policies_and_a_sixth_for_zonal_shift_only() -> None:
    assert set(policies()) == {
        "node-lifecycle",
        "iam-integration",
        "eks-integration",
        "interruption",
        "resource-discovery",
    }
    assert set(policies(zonal_shift=True)) - set(policies()) == {"zonal-shift"}


def test_no_statement_grants_a_pattern_of_actions() -> None:
    actions = [action for one in statements(zonal_shift=True).values() for action in listed(one["Action"])]
    assert not [action for action in actions if "*" in action]


def test_only_reads_that_know_no_resource_are_for_every_resource() -> None:
    everywhere = {sid for sid, one in statements(zonal_shift=True).items() if one["Resource"] == "*"}
    assert everywhere == {
        "AllowRegionalReadActions",
        "AllowPricingReadActions",
        "AllowUnscopedInstanceProfileListAction",
        "AllowZonalShiftStatusReadOnly",
    }


def test_instances_are_described_in_this_region_only() -> None:
    condition = statements()["AllowRegionalReadActions"]["Condition"]
    assert condition == {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}


def test_zonal_shift_is_read_for_this_cluster_only() -> None:
    condition = statements(zonal_shift=True)["AllowZonalShiftStatusReadOnly"]["Condition"]
    assert condition == {
        "StringEquals": {
            "arc-zonal-shift:ResourceIdentifier": "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"
        }
    }


def test_only_the_node_role_is_handed_on_and_only_to_ec2() -> None:
    one = statements()["AllowPassingInstanceRole"]
    assert one["Resource"] == NODE_ROLE
    assert one["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}
    }


@pytest.mark.parametrize(
    "sid", ["AllowScopedEC2InstanceActionsWithTags", "AllowScopedResourceCreationTagging"]
)
def test_what_is_started_is_tagged_as_this_clusters(sid: str) -> None:
    condition = statements()[sid]["Condition"]
    assert condition["StringEquals"]["aws:RequestTag/kubernetes.io/cluster/ai-dev"] == "owned"
    assert condition["StringEquals"]["aws:RequestTag/eks:eks-cluster-name"] == "ai-dev"
    assert condition["StringLike"] == {"aws:RequestTag/karpenter.sh/nodepool": "*"}


def test_tags_are_set_while_starting_and_not_on_anything_that_exists() -> None:
    condition = statements()["AllowScopedResourceCreationTagging"]["Condition"]
    assert condition["StringEquals"]["ec2:CreateAction"] == [
        "RunInstances",
        "CreateFleet",
        "CreateLaunchTemplate",
    ]


@pytest.mark.parametrize(
    "sid",
    [
        "AllowScopedEC2LaunchTemplateAccessActions",
        "AllowScopedResourceTagging",
        "AllowScopedDeletion",
    ],
)
def test_only_this_clusters_nodes_are_used_tagged_or_ended(sid: str) -> None:
    condition = statements()[sid]["Condition"]
    assert condition["StringEquals"] == {"aws:ResourceTag/kubernetes.io/cluster/ai-dev": "owned"}
    assert condition["StringLike"] == {"aws:ResourceTag/karpenter.sh/nodepool": "*"}


def test_three_tags_of_a_running_node_may_change() -> None:
    condition = statements()["AllowScopedResourceTagging"]["Condition"]
    assert condition["ForAllValues:StringEquals"] == {
        "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]
    }
    assert condition["StringEqualsIfExists"] == {"aws:RequestTag/eks:eks-cluster-name": "ai-dev"}


def test_untagged_starts_are_for_what_nobody_owns() -> None:
    """The one statement on RunInstances without a condition: images and subnets, never an instance."""
    one = statements()["AllowScopedEC2InstanceAccessActions"]
    assert "Condition" not in one
    kinds = {resource.rpartition(":")[2].partition("/")[0] for resource in one["Resource"]}
    assert kinds == {
        "image",
        "snapshot",
        "security-group",
        "subnet",
        "capacity-reservation",
        "placement-group",
    }


@pytest.mark.parametrize(
    ("sid", "keys"),
    [
        ("AllowScopedInstanceProfileCreationActions", {"aws:RequestTag"}),
        ("AllowScopedInstanceProfileTagActions", {"aws:RequestTag", "aws:ResourceTag"}),
        ("AllowScopedInstanceProfileActions", {"aws:ResourceTag"}),
    ],
)
def test_instance_profiles_are_this_clusters_in_this_region(sid: str, keys: set[str]) -> None:
    one = statements()[sid]
    equal, like = one["Condition"]["StringEquals"], one["Condition"]["StringLike"]
    assert one["Resource"] == "arn:aws:iam::111122223333:instance-profile/*"
    for key in keys:
        assert equal[f"{key}/kubernetes.io/cluster/ai-dev"] == "owned"
        assert equal[f"{key}/topology.kubernetes.io/region"] == "us-east-1"
        assert like[f"{key}/karpenter.k8s.aws/ec2nodeclass"] == "*"
    assert {key.partition("/")[0] for key in (*equal, *like)} == keys


def test_the_queue_and_the_cluster_are_named() -> None:
    assert statements()["AllowInterruptionQueueActions"]["Resource"] == QUEUE
    assert (
        statements()["AllowAPIServerEndpointDiscovery"]["Resource"]
        == "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"
    )


def test_only_parameters_of_aws_are_read() -> None:
    assert statements()["AllowSSMReadActions"]["Resource"] == "arn:aws:ssm:us-east-1::parameter/aws/service/*"


def test_every_policy_is_within_iams_size_for_the_longest_cluster_name() -> None:
    place = Place(**{**vars(PLACE), "cluster_name": "c" * 32, "region": "ap-southeast-1"})
    sizes = {name: len(to_json(policy)) for name, policy in policies(place=place).items()}
    assert {name: size for name, size in sizes.items() if size > MANAGED_POLICY_LIMIT} == {}


def test_arns_follow_the_partition() -> None:
    place = Place(**{**vars(PLACE), "partition": "aws-us-gov", "region": "us-gov-west-1"})
    text = json.dumps({name: policy for name, policy in policies(place=place).items() if "queue" not in name})
    foreign = text.replace(NODE_ROLE, "").replace(QUEUE, "")
    assert "arn:aws:" not in foreign
