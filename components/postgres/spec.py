"""What may be said about the database, and who has a database in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from components.core.names import bounded
from components.core.spec import Spec
from components.core.stateful import BackupOwner, Stateful
from components.secrets.spec import NAME_LIMIT, Credential, Key

NAMESPACE = "ai-data"
"""Where the set-up job runs."""
PORT = 5432


class PostgresSpec(Spec):
    """One instance of RDS: encrypted, backed up, reached by TLS only, its master password kept by AWS."""

    enabled: bool = Field(
        default=True,
        description="Make the instance. Langfuse, the relay and kagent each keep their state in it.",
    )
    instance_class: str = Field(
        default="db.t4g.medium",
        pattern=r"^db\.[a-z0-9]+\.[a-z0-9]+$",
        description="Size of the instance; a change waits for the maintenance window.",
    )
    major_version: int = Field(
        default=17,
        ge=16,
        le=18,
        description="Major version, at least what Langfuse needs; AWS applies the minor ones. It can only go up.",
    )
    multi_az: bool = Field(
        default=False,
        description="A copy in another zone that takes over within a minute or two; twice the price.",
    )
    storage_gib: int = Field(
        default=20, ge=20, le=65536, description="Volume in GiB to begin with; it cannot shrink."
    )
    max_storage_gib: int = Field(
        default=100, ge=22, le=65536, description="Up to how many GiB AWS may let it grow by itself."
    )
    backup_retention_days: int = Field(
        default=7, ge=1, le=35, description="Days back to any second of which it can be restored."
    )
    log_retention_days: int = Field(
        default=30,
        ge=1,
        le=3653,
        description="Days its log is kept; by default AWS would keep it for ever.",
    )
    roles_generation: int = Field(
        default=1,
        ge=1,
        description="Raise it after a password was changed in Secrets Manager: the database is then told again.",
    )

    @model_validator(mode="after")
    def _storage_has_room_to_grow(self) -> Self:
        # RDS: the threshold must be at least 10 % above what is allocated.
        if self.max_storage_gib * 10 < self.storage_gib * 11:
            raise ValueError(
                f"max_storage_gib {self.max_storage_gib} is not a tenth above storage_gib {self.storage_gib}, "
                "which AWS demands; raise it"
            )
        return self


@dataclass(frozen=True, kw_only=True)
class DatabaseUser:
    """One part of the platform, or of a tenant, with a role and a database of its own, both of its name."""

    name: str
    namespace: str
    reads: str
    """The Secret it reads there: `url`, and its parts for those who want them apart."""
    needs: str
    """The part without which the user does not exist."""
    extensions: tuple[str, ...] = ()


USERS: tuple[DatabaseUser, ...] = (
    DatabaseUser(name="langfuse", namespace="observability", reads="langfuse-db", needs="langfuse"),
    DatabaseUser(name="relay", namespace="ai-gateway", reads="relay-db", needs="relay"),
    # Memory of agents is vectors.
    DatabaseUser(
        name="kagent", namespace="ai-agents", reads="kagent-db", needs="kagent", extensions=("vector",)
    ),
)
"""Everybody who has a database, in the order in which they are made."""


def users(parts: Collection[str]) -> tuple[DatabaseUser, ...]:
    """The users that a stack with these parts has."""
    return tuple(user for user in USERS if user.needs in parts)


TENANT_PART = "kagent-db"
"""Of the role that reads the password of a tenant's user."""


def tenant_user(tenant: str) -> DatabaseUser:
    """The user of a tenant's own kagent: its sessions are in a database that no other tenant's can open."""
    return DatabaseUser(
        name=f"kagent-{tenant}",
        namespace=tenant,
        reads=TENANT_PART,
        needs="kagent",
        extensions=("vector",),
    )


def credential_name(user: str) -> str:
    """What the password of a user is called in Secrets Manager, after the platform's prefix."""
    return bounded(f"postgres-{user}", NAME_LIMIT)


def credentials(names: Collection[str]) -> tuple[Credential, ...]:
    """A password for each of these users, in a secret of its own: one added later is made then."""
    return tuple(
        Credential(
            name=credential_name(name),
            home=NAMESPACE,
            keys=(Key(name="password"),),
            assembled_by="postgres",
        )
        for name in names
    )


def stateful(name: str = "postgres") -> tuple[Stateful, ...]:
    """The instance of a component of this name."""
    return (
        Stateful(
            what="projects and keys of Langfuse, spend and budgets of the relay, sessions of agents",
            type="aws:rds/instance:Instance",
            name=name,
            owner=BackupOwner.RDS,
        ),
    )
