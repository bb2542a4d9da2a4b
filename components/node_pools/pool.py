"""What every pool has in common: how capacity is bought, and when a node may be taken away."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from components.core.spec import Spec
from components.node_pools.boot import AmiAlias

CapacityType = Literal["reserved", "on-demand", "spot"]
DisruptionReason = Literal["Underutilized", "Empty", "Drifted"]


class BudgetSpec(Spec):
    """How many nodes of a pool may go at once; of several budgets in force the strictest wins."""

    nodes: str = Field(
        pattern=r"^((100|[0-9]{1,2})%|[0-9]+)$", description='A number ("1") or a share ("20%"), quoted.'
    )
    reasons: list[DisruptionReason] = Field(
        default_factory=list[DisruptionReason],
        max_length=3,
        description="Which disruptions it holds back; every kind if left out. Expiry heeds no budget.",
    )
    schedule: str | None = Field(
        default=None,
        pattern=r"^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|\S+( \S+){4})$",
        description="Cron, in UTC: when the budget starts to hold. Left out: always.",
    )
    duration_hours: int | None = Field(
        default=None, ge=1, le=168, description="How long it holds after each start; goes with `schedule`."
    )

    @model_validator(mode="after")
    def _schedule_and_duration_go_together(self) -> Self:
        if (self.schedule is None) != (self.duration_hours is None):
            raise ValueError("schedule and duration_hours go together; write both or neither")
        return self


class CapacityReservationSpec(Spec):
    """Capacity that is already paid for: one reservation by id, or all that carry these tags."""

    id: str | None = Field(default=None, pattern=r"^cr-[0-9a-z]+$", description="The reservation's id.")
    tags: dict[str, str] = Field(
        default_factory=dict, max_length=20, description="Tags that every chosen reservation carries."
    )

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if (self.id is None) == (not self.tags):
            raise ValueError("a capacity reservation is named by id or by tags; write exactly one of them")
        return self


class PoolSpec(Spec):
    """What every pool has in common."""

    capacity_types: list[CapacityType] = Field(
        default=["on-demand"],
        min_length=1,
        description="What may be bought: reserved is tried first, then spot, then on-demand.",
    )
    spot_allowed: bool = Field(
        default=False, description="Says that the work on this pool survives two minutes' notice."
    )
    capacity_reservations: list[CapacityReservationSpec] = Field(
        default_factory=list[CapacityReservationSpec],
        max_length=30,
        description="Reservations to use first; goes with capacity type `reserved`.",
    )
    weight: int | None = Field(
        default=None, ge=1, le=100, description="Between pools that fit a pod, the heavier is tried first."
    )
    expire_after_hours: int = Field(
        default=336,
        ge=24,
        le=2160,
        description="A node's age limit; it is then drained whatever the budgets say. EKS Auto Mode: 504.",
    )
    termination_grace_minutes: int = Field(
        default=60,
        ge=5,
        le=1440,
        description=(
            "How long a drain may last. Without it, one pod marked do-not-disrupt would keep an expired "
            "node, and a destroy, for ever."
        ),
    )
    ami_alias: AmiAlias | None = Field(
        default=None,
        description="Another node image for this pool alone, to try it out. Karpenter mode only.",
    )

    @model_validator(mode="after")
    def _capacity_is_consistent(self) -> Self:
        if len(set(self.capacity_types)) != len(self.capacity_types):
            raise ValueError("capacity_types names a type twice; name each once")
        if "spot" in self.capacity_types and not self.spot_allowed:
            raise ValueError(
                "capacity_types has spot, which AWS takes back on two minutes' notice; "
                "set spot_allowed: true if the work survives that, or leave spot out"
            )
        if ("reserved" in self.capacity_types) != bool(self.capacity_reservations):
            raise ValueError(
                "capacity type reserved and capacity_reservations go together; write both or neither"
            )
        return self
