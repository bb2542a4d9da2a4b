from __future__ import annotations

import pytest

from components.core.aws import Place
from components.node_pools.tags import node_tags, tag_faults

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
    tags={"Owner": "platform"},
)


def test_a_node_carries_the_stacks_tags_and_its_pool() -> None:
    assert node_tags(PLACE, "l4") == {"Owner": "platform", "agentic.dev/pool": "l4"}


@pytest.mark.parametrize(
    "key",
    ["karpenter.sh/nodeclaim", "kubernetes.io/cluster/ai-dev", "eks:eks-cluster-name"],
)
def test_a_reserved_tag_never_reaches_a_node_class(key: str) -> None:
    place = Place(**{**vars(PLACE), "tags": {key: "x"}})
    with pytest.raises(ValueError, match=f"node tags may not include {key}; remove"):
        node_tags(place, "l4")


def test_a_reserved_tag_is_a_fault_with_its_path() -> None:
    (fault,) = tag_faults("ownership.tags", {"eks:eks-cluster-name": "ai-dev", "team": "a"})
    assert str(fault) == (
        "ownership.tags.eks:eks-cluster-name: Karpenter and EKS set this tag themselves; remove it"
    )
