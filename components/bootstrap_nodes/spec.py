"""What a user may say about the nodes that Karpenter itself runs on."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from components.core.faults import Fault
from components.core.spec import Spec
from components.node_pools.spec import INSTANCE_TYPES, Architecture, CpuInstanceType

NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
"""What a node's role may do, in karpenter mode.

AmazonEKS_CNI_Policy is left out on purpose: the vpc-cni add-on has a Pod Identity role of its own, so no pod
can borrow the right to move network interfaces from its node.
"""


class BootstrapSpec(Spec):
    """A small on-demand node group outside Karpenter: Karpenter cannot run on nodes it might remove."""

    instance_types: list[CpuInstanceType] = Field(
        default=["m7i.large", "m7a.large"],
        min_length=1,
        max_length=20,
        description="Types to choose from, of one architecture; several, so that one shortage stops nothing.",
    )
    min_size: int = Field(
        default=2, ge=2, le=9, description="At least 2: Karpenter's two replicas refuse to share a node."
    )
    desired_size: int = Field(default=2, ge=2, le=9, description="Nodes to run.")
    max_size: int = Field(default=4, ge=2, le=9, description="Room for a rolling update of the group.")
    disk_gib: int = Field(default=50, ge=20, le=1000, description="GiB of the encrypted gp3 root volume.")
    release_version: str | None = Field(
        default=None,
        pattern=r"^1\.[0-9]{2}\.[0-9]{1,2}-20[0-9]{6}$",
        description=(
            "The node image to pin, for example 1.35.2-20260714. Left out: EKS's newest when the group "
            "is made or its Kubernetes version changes."
        ),
    )

    @property
    def architecture(self) -> Architecture:
        """The one architecture of the group."""
        return INSTANCE_TYPES[self.instance_types[0]].architecture

    @model_validator(mode="after")
    def _sizes_are_ordered(self) -> Self:
        if not self.min_size <= self.desired_size <= self.max_size:
            raise ValueError(
                f"min_size {self.min_size} <= desired_size {self.desired_size} <= max_size {self.max_size} "
                "does not hold; put the three in order"
            )
        return self

    @model_validator(mode="after")
    def _has_one_architecture(self) -> Self:
        by_architecture = {INSTANCE_TYPES[name].architecture: name for name in self.instance_types}
        if len(by_architecture) > 1:
            said = " and ".join(f"{name} ({arch})" for arch, name in sorted(by_architecture.items()))
            raise ValueError(f"instance_types mixes architectures: {said}; a node group has one image")
        return self


def version_faults(spec: BootstrapSpec, kubernetes_version: str) -> list[Fault]:
    """The pinned node image where it belongs to another Kubernetes version than the cluster's."""
    pinned = spec.release_version
    if pinned is None or pinned.startswith(f"{kubernetes_version}."):
        return []
    return [
        Fault(
            path="compute.bootstrap.release_version",
            rule=f"{pinned} is an image for another version than cluster.version {kubernetes_version}",
            remedy=f"pin a release that starts with {kubernetes_version}., or leave it out",
        )
    ]
