"""What may be said about buckets, what each is for, and what it means to hold data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.core.spec import Spec

Purpose = Literal["documents", "milvus", "langfuse", "backups", "logs"]

PURPOSES: Mapping[Purpose, str] = MappingProxyType(
    {
        "documents": "what agents and tenants read and write, a prefix for each tenant",
        "milvus": "vectors, indexes and the write-ahead log of Milvus",
        "langfuse": "events, media and exports of traces",
        "backups": "backups of cluster objects and volumes",
        "logs": "logs and traces kept beyond their stores",
    }
)


class BucketsSpec(Spec):
    """How long buckets keep what nobody wants any more; encryption and closure are not settings."""

    noncurrent_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days a deleted or overwritten object can be brought back; then it is gone for good.",
    )
    abort_multipart_days: int = Field(
        default=7,
        ge=1,
        le=90,
        description="Days after which the parts of an upload that never ended are deleted: they cost, unseen.",
    )
    log_days: int = Field(
        default=90, ge=1, le=3650, description="Days that objects of the logs bucket are kept."
    )


class BackupOwner(StrEnum):
    """Who can bring lost data back."""

    RDS = "RDS automated backups"
    ELASTICACHE = "ElastiCache snapshots"
    S3_VERSIONS = "S3 versioning"
    VOLUME_SNAPSHOTS = "EBS snapshots"
    REBUILT = "nobody: it is rebuilt from what others hold"


@dataclass(frozen=True, kw_only=True)
class Stateful:
    """One thing that holds data: what is lost with it, where it stands in a plan, who brings it back."""

    what: str
    type: str
    """The type of the resource that holds it: an AWS type, or PersistentVolumeClaim inside a release."""
    name: str
    """Its logical name, or `namespace/claim` (a prefix, where an ordinal follows)."""
    owner: BackupOwner


def stateful(name: str = "buckets") -> tuple[Stateful, ...]:
    """The buckets of a component of this name, as things that hold data."""
    return tuple(
        Stateful(
            what=why, type="aws:s3/bucket:Bucket", name=f"{name}-{purpose}", owner=BackupOwner.S3_VERSIONS
        )
        for purpose, why in PURPOSES.items()
    )
