"""Where data is kept: buckets, vectors, cache, database."""

from __future__ import annotations

from pydantic import Field

from components.buckets.spec import BucketsSpec
from components.cache.spec import CacheSpec
from components.core.spec import Spec
from components.milvus.spec import MilvusSpec
from components.postgres.spec import PostgresSpec


class DataSpec(Spec):
    """The stores of the platform. What holds data is encrypted, backed up, and closed to everybody else."""

    buckets: BucketsSpec = Field(
        default_factory=BucketsSpec, description="One bucket for each purpose, always there."
    )
    milvus: MilvusSpec = Field(description="Vectors: one process on a volume-less pod, or a cluster.")
    cache: CacheSpec = Field(description="Sessions, queues and limits.")
    postgres: PostgresSpec = Field(
        default_factory=PostgresSpec, description="Tables of Langfuse, the relay and kagent."
    )
