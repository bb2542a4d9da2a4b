"""Tags and labels: each key is written once, here, and used by whoever sets it and whoever selects by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from components.core.spec import Spec

DOMAIN = "agentic.dev"
"""The prefix of the platform's own labels."""

DISCOVERY_TAG = "karpenter.sh/discovery"
"""What Karpenter finds subnets and security groups by; its value is the cluster's name."""

CLUSTER_TAG = "agentic.dev/cluster"
"""What the load balancer controller finds the VPC by; its value is the cluster's name."""

TENANT_LABEL = f"{DOMAIN}/tenant"
"""On a tenant's Namespace; only the platform may create Namespaces, so no tenant can claim another's."""

NOTICE_ANNOTATION = f"{DOMAIN}/notice"
"""What whoever reads a plan should know of an object that is right as it is: a line for each thing."""

POOL_LABEL = f"{DOMAIN}/pool"
"""On nodes: the node pool, so that a workload asks for an accelerator class and not for any GPU."""

GPU_TAINT_KEY = "nvidia.com/gpu"
GPU_RESOURCE = "nvidia.com/gpu"
GPU_PRESENT_LABEL = "nvidia.com/gpu.present"
BOOTSTRAP_TAINT_KEY = "CriticalAddonsOnly"
"""The taint of the bootstrap nodes; EKS add-ons tolerate it by default."""

BOOTSTRAP_TOLERATION: Mapping[str, str] = {"key": BOOTSTRAP_TAINT_KEY, "operator": "Exists"}
MANAGED_BY = "agentic-platform"


TagText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 _+=.:/@-]+$", min_length=1, max_length=128)]
"""What every AWS service takes in a tag; a comma would split the load balancer controller's tag list."""


_OWN_TAGS = frozenset(
    key.lower() for key in ("Environment", "Owner", "CostCenter", "ManagedBy", CLUSTER_TAG, "Name")
)
_CONTROLLERS_TAGS = ("aws:", "karpenter.sh/", "kubernetes.io/")
"""Keys that begin like this mean something to AWS or a controller; on every resource they would mislead it:
Karpenter would start nodes in each subnet that has its discovery tag."""


class OwnershipSpec(Spec):
    """Who answers for a stack's cost: tags that no resource can be without."""

    owner: TagText = Field(description="The team that answers for it.")
    cost_center: TagText = Field(description="What the bill is booked on.")
    tags: dict[TagText, TagText] = Field(
        default_factory=dict,
        max_length=30,
        description="Further AWS tags; they may not replace the platform's.",
    )

    @model_validator(mode="after")
    def _leaves_the_platforms_tags_alone(self) -> Self:
        # IAM takes keys that differ in case only for the same key and refuses them.
        seen = set(_OWN_TAGS)
        for key in sorted(self.tags):
            folded = key.lower()
            if folded in _OWN_TAGS or folded.startswith(_CONTROLLERS_TAGS):
                raise ValueError(
                    f"tag {key} is set by the platform or a controller; leave it out, or choose another key"
                )
            if folded in seen:
                raise ValueError(f"tag {key} is written twice, in another case; IAM knows one: keep one")
            seen.add(folded)
        return self


def tags(environment: str, cluster: str, ownership: OwnershipSpec) -> dict[str, str]:
    """The default tags of every AWS resource; the platform's keys win over the user's."""
    return {
        **ownership.tags,
        "Environment": environment,
        "Owner": ownership.owner,
        "CostCenter": ownership.cost_center,
        "ManagedBy": MANAGED_BY,
        CLUSTER_TAG: cluster,
    }


def managed_labels(part_of: str) -> dict[str, str]:
    """The recommended labels of a Kubernetes object that the platform owns."""
    return {"app.kubernetes.io/managed-by": MANAGED_BY, "app.kubernetes.io/part-of": part_of}
