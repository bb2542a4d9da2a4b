"""What a user may say about node pools: which machines, how many at most, when they may be taken away."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.core.labels import DOMAIN
from components.core.spec import DNS_LABEL
from components.node_pools.boot import DiskSpec, GpuDiskSpec
from components.node_pools.instances import (
    INSTANCE_TYPES,
    Accelerator,
    Architecture,
    CpuFamilyName,
    GpuInstanceType,
    InstanceType,
    types_of,
)
from components.node_pools.instances import CpuInstanceType as CpuInstanceType  # for bootstrap_nodes
from components.node_pools.pool import BudgetSpec, PoolSpec

ACCELERATOR_LABEL = f"{DOMAIN}/accelerator"
"""On GPU nodes: the GPU's model, alike in both compute modes (Karpenter's own label is not)."""

GPU_MEMORY_LABEL = f"{DOMAIN}/gpu-memory-mib"
"""On GPU nodes: memory of one GPU; tells an A100 with 40 GiB from one with 80."""

CPU_POOL = "cpu"
BOOTSTRAP_POOL = "bootstrap"


def _free(name: str) -> str:
    if name in (CPU_POOL, BOOTSTRAP_POOL):
        raise ValueError(
            f"{name!r} is the platform's own pool; name a GPU pool after its GPU, for example l4"
        )
    return name


GpuPoolName = Annotated[
    str, StringConstraints(pattern=DNS_LABEL, min_length=1, max_length=40), AfterValidator(_free)
]
"""The accelerator class as the stack names it (`a10g`): tenants and models ask for GPUs by this name."""


class CpuPoolSpec(PoolSpec):
    """The pool of everything that asks for no GPU."""

    instance_families: list[CpuFamilyName] = Field(
        default=["m7i", "m7a", "c7i", "r7i"],
        min_length=1,
        description="Families to choose from, of one architecture; several, so one shortage stops nothing.",
    )
    min_vcpu: int = Field(
        default=4, ge=2, le=192, description="The smallest node: DaemonSets take a share of each."
    )
    max_vcpu: int = Field(
        default=32, ge=2, le=192, description="The largest node: what one failure takes away."
    )
    limit_cpu: int = Field(
        gt=0, description="vCPUs of all nodes together; a burst can overrun it for a moment."
    )
    limit_memory_gib: int | None = Field(
        default=None,
        gt=0,
        description="GiB of all nodes together; left out: what `limit_cpu` of these families has.",
    )
    disk: DiskSpec = Field(default_factory=DiskSpec, description="The root volume.")
    consolidate_after_seconds: int = Field(
        default=30, ge=0, le=3600, description="How long a node stays under-used before its pods are moved."
    )
    budgets: list[BudgetSpec] = Field(
        default=[BudgetSpec(nodes="20%")],
        min_length=1,
        max_length=50,
        description="How many nodes may go at once.",
    )

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """Every type of the catalogue that this pool may buy, in the order of its families."""
        return tuple(
            instance
            for family in self.instance_families
            for instance in types_of(family)
            if self.min_vcpu <= instance.vcpu <= self.max_vcpu
        )

    @property
    def architecture(self) -> Architecture:
        """The one architecture of the pool."""
        return self.instance_types[0].architecture

    @model_validator(mode="after")
    def _can_start_a_node(self) -> Self:
        by_architecture = {types_of(family)[0].architecture: family for family in self.instance_families}
        if len(by_architecture) > 1:
            said = " and ".join(f"{family} ({arch})" for arch, family in sorted(by_architecture.items()))
            raise ValueError(f"instance_families mixes architectures: {said}; images are built for one")
        if not self.instance_types:
            raise ValueError(
                f"no type of {', '.join(self.instance_families)} has {self.min_vcpu} to {self.max_vcpu} "
                "vCPUs; widen min_vcpu and max_vcpu (sizes: 2, 4, 8, 16, 32, 48, 64, 96, 192)"
            )
        smallest = min(self.instance_types, key=lambda instance: instance.vcpu)
        if self.limit_cpu < smallest.vcpu:
            raise ValueError(
                f"limit_cpu is {self.limit_cpu}, but the smallest node, {smallest.name}, has {smallest.vcpu} "
                f"vCPUs, so that not one node could start; set at least {smallest.vcpu}"
            )
        least = min(instance.memory_gib for instance in self.instance_types)
        if self.limit_memory_gib is not None and self.limit_memory_gib < least:
            raise ValueError(
                f"limit_memory_gib is {self.limit_memory_gib}, but the smallest node has {least} GiB, so "
                f"that not one node could start; set at least {least}"
            )
        return self


class GpuPoolSpec(PoolSpec):
    """One accelerator class: its machines, and how many GPUs it may ever have."""

    instance_types: list[GpuInstanceType] = Field(
        min_length=1, description="Types to choose from; all of one accelerator class."
    )
    limit_gpus: int = Field(
        gt=0, description="GPUs of all nodes together; a burst can overrun it for a moment."
    )
    overcommit: float = Field(
        default=1.0,
        ge=1.0,
        le=4.0,
        description=(
            "GPU quotas may add up to limit_gpus times this. Above 1.0 a pod within its quota may find none."
        ),
    )
    disk: GpuDiskSpec = Field(default_factory=GpuDiskSpec, description="The root volume.")
    consolidate_after_minutes: int = Field(
        default=10,
        ge=5,
        le=1440,
        description="How long a node stays empty before it goes; loading weights anew takes minutes.",
    )
    budgets: list[BudgetSpec] = Field(
        default=[
            BudgetSpec(nodes="1"),
            BudgetSpec(nodes="0", schedule="0 8 * * mon-fri", duration_hours=10, reasons=["Drifted"]),
        ],
        min_length=1,
        max_length=50,
        description="How many nodes may go at once; by default no image update during UTC working hours.",
    )

    @property
    def machines(self) -> tuple[InstanceType, ...]:
        """The catalogue's rows of the pool's types."""
        return tuple(INSTANCE_TYPES[name] for name in self.instance_types)

    @property
    def accelerator(self) -> Accelerator:
        """The one accelerator class of the pool."""
        accelerator = self.machines[0].accelerator
        assert accelerator is not None, "GpuInstanceType admits only types with a GPU"
        return accelerator

    @property
    def grantable_gpus(self) -> int:
        """How many GPUs the quotas on this pool may add up to."""
        return int(self.limit_gpus * Fraction(str(self.overcommit)))

    @model_validator(mode="after")
    def _has_one_accelerator(self) -> Self:
        if len(set(self.instance_types)) != len(self.instance_types):
            raise ValueError("instance_types names a type twice; name each once")
        first, *others = self.machines
        for other in others:
            if other.accelerator != first.accelerator:
                raise ValueError(
                    f"instance_types mixes accelerators: {first.name} has {first.accelerator}, {other.name} "
                    f"has {other.accelerator}; a model sized for one would land on the other; make two pools"
                )
        return self

    @model_validator(mode="after")
    def _can_use_its_whole_limit(self) -> Self:
        smallest = min(self.machines, key=lambda machine: machine.gpus)
        if self.limit_gpus < smallest.gpus:
            raise ValueError(
                f"limit_gpus is {self.limit_gpus}, but the smallest node, {smallest.name}, has "
                f"{smallest.gpus} GPUs, so that not one node could start; set at least {smallest.gpus}"
            )
        step = smallest.gpus  # every larger type has a multiple of it: EC2 sells 1, 4 and 8
        if self.limit_gpus % step:
            usable = self.limit_gpus - self.limit_gpus % step
            raise ValueError(
                f"limit_gpus is {self.limit_gpus}, but nodes come with {step} GPUs, so that only {usable} "
                f"can ever run; write {usable} or {usable + step}"
            )
        return self
