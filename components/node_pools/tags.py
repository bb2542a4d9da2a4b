"""The tags of instances and volumes; some keys are the controllers' own and are refused."""

from __future__ import annotations

from collections.abc import Mapping

from components.core.aws import Place
from components.core.faults import Fault
from components.core.labels import POOL_LABEL

RESERVED_TAGS = frozenset(
    {
        "eks:eks-cluster-name",
        "eks.amazonaws.com/nodeclass",
        "karpenter.k8s.aws/ec2nodeclass",
        "karpenter.sh/managed-by",
        "karpenter.sh/nodeclaim",
        "karpenter.sh/nodepool",
        "karpenter.sh/provisioner-name",
    }
)
"""What the schemas of EC2NodeClass and of Auto Mode's NodeClass refuse, taken together."""

RESERVED_PREFIX = "kubernetes.io/cluster"


def reserved(keys: Mapping[str, str]) -> list[str]:
    """The keys among these that a node class may not set."""
    return sorted(key for key in keys if key in RESERVED_TAGS or key.startswith(RESERVED_PREFIX))


def tag_faults(path: str, tags: Mapping[str, str]) -> list[Fault]:
    """Tags of the user's own that nodes cannot carry: found here, and not by the API server later."""
    return [
        Fault(f"{path}.{key}", "Karpenter and EKS set this tag themselves", "remove it")
        for key in reserved(tags)
    ]


def node_tags(place: Place, pool: str) -> dict[str, str]:
    """What a pool's instances, disks and network interfaces carry: the stack's tags, and the pool."""
    tags = {**place.tags, POOL_LABEL: pool}
    refused = reserved(tags)
    if refused:
        raise ValueError(f"node tags may not include {', '.join(refused)}; remove them from ownership.tags")
    return tags
