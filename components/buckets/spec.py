"""What may be said about buckets, and what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.core.spec import Spec
from components.core.stateful import BackupOwner, Stateful

Purpose = Literal["documents", "milvus", "langfuse", "models", "backups", "logs"]

PURPOSES: Mapping[Purpose, str] = MappingProxyType(
    {
        "documents": "what agents and tenants read and write, a prefix for each tenant",
        "milvus": "vectors, indexes and the write-ahead log of Milvus",
        "langfuse": "events, media and exports of traces",
        "models": "weights and adapters of model servers",
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


def stateful(more: Mapping[str, str] = MappingProxyType({}), name: str = "buckets") -> tuple[Stateful, ...]:
    """The buckets of a component of this name, `more` than the usual ones too, as things that hold data."""
    return tuple(
        Stateful(
            what=why, type="aws:s3/bucket:Bucket", name=f"{name}-{purpose}", owner=BackupOwner.S3_VERSIONS
        )
        for purpose, why in {**PURPOSES, **more}.items()
    )
