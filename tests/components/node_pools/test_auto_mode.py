from __future__ import annotations

import json

from agentic.plan.capture import Capture
from components.core.aws import Place
from components.node_pools.auto_mode import (
    AutoNodeRole,
    AutoNodeRoleArgs,
    AutoNodeTagging,
    AutoNodeTaggingArgs,
    auto_node_role_name,
    tagging,
)

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def test_nodes_may_join_and_pull_and_nothing_else(capture: Capture) -> None:
    plan = capture(lambda: AutoNodeRole("auto-node", AutoNodeRoleArgs(place=PLACE)))
    attached = plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert sorted(one.inputs["policyArn"] for one in attached) == [
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy",
    ]


def test_only_ec2_takes_the_role_and_its_name_is_known(capture: Capture) -> None:
    plan = capture(lambda: AutoNodeRole("auto-node", AutoNodeRoleArgs(place=PLACE)))
    role = plan.one("aws:iam/role:Role").inputs
    assert role["name"] == auto_node_role_name(PLACE) == "ai-dev-auto-node"
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "ec2.amazonaws.com"}


def test_tagging_is_for_pools_of_this_cluster_only() -> None:
    (statement,) = tagging(PLACE)["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:RequestTag/eks:eks-cluster-name": "ai-dev"},
        "StringLike": {
            "aws:RequestTag/eks:kubernetes-node-class-name": "*",
            "aws:RequestTag/eks:kubernetes-node-pool-name": "*",
        },
    }


def test_tagging_is_granted_to_the_clusters_role(capture: Capture) -> None:
    plan = capture(
        lambda: AutoNodeTagging(
            "tagging", AutoNodeTaggingArgs(place=PLACE, cluster_role_name="ai-dev-cluster")
        )
    )
    assert plan.one("aws:iam/rolePolicy:RolePolicy").inputs["role"] == "ai-dev-cluster"
