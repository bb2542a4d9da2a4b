from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.model import Plan
from components.cluster.control_plane import key_policy, key_use
from components.core.aws import Place

ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
CLUSTER = "aws:eks/cluster:Cluster"


@pytest.fixture(scope="module")
def plan(planned: Callable[..., Plan]) -> Plan:
    return planned(log_retention_days=180)


@pytest.fixture(scope="module")
def auto(planned: Callable[..., Plan]) -> Plan:
    return planned(auto_mode=True)


def _attached(plan: Plan, role: str) -> set[str]:
    return {
        attachment.inputs["policyArn"].rpartition("/")[2]
        for attachment in plan.all(ATTACHMENT)
        if attachment.inputs["role"] == f"@{{{ROLE}::{role}.name}}" or attachment.inputs["role"] == role
    }


def _trusted(plan: Plan, name: str) -> dict[str, Any]:
    (statement,) = json.loads(plan.one(ROLE, name).inputs["assumeRolePolicy"])["Statement"]
    return statement


def test_the_control_plane_has_one_policy_where_nodes_are_ours(plan: Plan) -> None:
    assert _attached(plan, "ai-dev-cluster") == {"AmazonEKSClusterPolicy"}
    assert len(plan.all(ROLE)) == 1


def test_in_auto_mode_it_may_also_make_nodes_disks_and_load_balancers(auto: Plan) -> None:
    assert _attached(auto, "ai-dev-cluster") == {
        "AmazonEKSClusterPolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
    }


def test_nodes_of_auto_mode_may_join_and_pull_images_and_no_more(auto: Plan) -> None:
    assert _attached(auto, "ai-dev-auto-node") == {
        "AmazonEKSWorkerNodeMinimalPolicy",
        "AmazonEC2ContainerRegistryPullOnly",
    }
    assert _trusted(auto, "platform-basis-nodes")["Principal"] == {"Service": "ec2.amazonaws.com"}


def test_only_eks_can_take_the_role_of_the_control_plane(plan: Plan) -> None:
    assert _trusted(plan, "platform-basis") == {
        "Effect": "Allow",
        "Principal": {"Service": "eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }


def test_the_key_is_administered_through_the_account_and_open_to_no_other(place: Place) -> None:
    (statement,) = key_policy(place)["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert (statement["Action"], statement["Resource"]) == ("kms:*", "*")


def test_eks_uses_this_key_and_grants_only_to_aws(plan: Plan) -> None:
    use, grant = key_use("the-key")["Statement"]
    assert use == {
        "Effect": "Allow",
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
        "Resource": "the-key",
    }
    assert grant == {
        "Effect": "Allow",
        "Action": "kms:CreateGrant",
        "Resource": "the-key",
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
    }
    stored = json.loads(plan.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert stored == key_use("@{aws:kms/key:Key::platform-basis.arn}")


def test_the_key_rotates_and_can_be_called_back_for_a_month(plan: Plan) -> None:
    key = plan.one("aws:kms/key:Key").inputs
    assert key["enableKeyRotation"] is True
    assert key["deletionWindowInDays"] == 30
    assert plan.one("aws:kms/alias:Alias").inputs["name"] == "alias/ai-dev/eks-secrets"


def test_logs_go_to_a_group_with_an_end_made_before_eks_makes_one_without(plan: Plan) -> None:
    group = plan.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["name"] == "/aws/eks/ai-dev/cluster"
    assert group.inputs["retentionInDays"] == 180
    assert plan.deleted_before(plan.one(CLUSTER).urn, group.urn)


@pytest.mark.parametrize("auto_mode", [False, True])
def test_the_control_plane_has_its_permissions_for_as_long_as_it_lives(
    planned: Callable[..., Plan], auto_mode: bool
) -> None:
    plan = planned(auto_mode=auto_mode)
    needed = [
        resource.urn for kind in (ATTACHMENT, "aws:iam/rolePolicy:RolePolicy") for resource in plan.all(kind)
    ]
    assert plan.deleted_before(plan.one(CLUSTER).urn, needed)
