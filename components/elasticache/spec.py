"""What may be said about the cache that AWS runs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from components.core.spec import Spec
from components.core.stateful import BackupOwner, Stateful

PORT = 6379


class ElastiCacheSpec(Spec):
    """A replication group: encrypted on the wire and at rest, its users' passwords unknown to us."""

    mode: Literal["elasticache"] = Field(description="Run by AWS.")
    node_type: str = Field(
        default="cache.t4g.small",
        pattern=r"^cache\.[a-z0-9]+\.[a-z0-9]+$",
        description="Size of each node; a change is made in place, node by node.",
    )
    engine_version: str = Field(
        default="8.0",
        pattern=r"^[0-9]+\.[0-9]+$",
        description="Valkey's version, major and minor; AWS applies patches. It can only go up.",
    )
    replicas: int = Field(
        default=1,
        ge=0,
        le=5,
        description="Copies beside the primary; one of them takes over when it is lost.",
    )
    multi_az: bool = Field(
        default=True, description="Copies stand in other zones than the primary. Needs at least one."
    )
    snapshot_retention_days: int = Field(
        default=7, ge=1, le=35, description="Days that daily snapshots are kept; they are the backup."
    )
    users_generation: int = Field(
        default=1,
        ge=1,
        description="Raise it after a password was changed in Secrets Manager: the users are then told again.",
    )

    @model_validator(mode="after")
    def _zones_need_copies(self) -> Self:
        if self.multi_az and self.replicas == 0:
            raise ValueError(
                "multi_az needs a copy that can stand in another zone; set replicas to 1 or more, or multi_az: false"
            )
        return self

    @model_validator(mode="after")
    def _the_engine_knows_users(self) -> Self:
        # Families are valkey7 (7.2), valkey8 (8.x) and so on; users came with the first of them.
        if int(self.engine_version.partition(".")[0]) < 7:
            raise ValueError(f"engine_version {self.engine_version} is no Valkey; use 7.2 or newer")
        return self


def stateful(name: str = "elasticache") -> tuple[Stateful, ...]:
    """The replication group of a component of this name."""
    return (
        Stateful(
            what="queues, sessions and limits",
            type="aws:elasticache/replicationGroup:ReplicationGroup",
            name=name,
            owner=BackupOwner.ELASTICACHE,
        ),
    )
