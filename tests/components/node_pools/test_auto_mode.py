from __future__ import annotations

from agentic.plan.capture import Capture
from components.core.aws import Place
from components.node_pools.auto_mode import (
    AutoNodeTagging,
    AutoNodeTaggingArgs,
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
