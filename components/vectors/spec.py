"""What may be said about collections of vectors: what they hold, how it is found, and whose it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from components.core.spec import IDENTIFIER, DnsLabel, ModelName, Spec
from components.milvus.spec import SHARED, Instance, MilvusSpec

PART = "vectors"
TENANT_PART = "vectors"
"""Of the role that reads the passwords of a tenant's users."""
AGENTS_NAMESPACE = "ai-agents"

Isolation = Literal["partition_key", "database", "dedicated"]

CollectionName = Annotated[str, StringConstraints(pattern=IDENTIFIER, max_length=255)]
"""Milvus takes letters, digits and underscores: no hyphen (`validateCollectionName`, proxy.maxNameLength)."""

LONGEST_VECTOR = 32_768
"""proxy.maxDimension of Milvus 2.6."""


class EmbeddingModelSpec(Spec):
    """A model that makes vectors: how long they are, who says so, and when that was looked up."""

    dimensions: int = Field(ge=2, le=LONGEST_VECTOR, description="Numbers in each vector, unless shortened.")
    shorter: list[int] = Field(
        default_factory=list[int],
        max_length=16,
        description="Lengths to which its vectors may be cut, for models that are trained for it.",
    )
    source: str = Field(min_length=3, max_length=300, description="Who says so.")
    recorded_on: date = Field(description="When that was looked up.")


Metric = Literal["COSINE", "IP", "L2"]


class _Index(Spec):
    metric: Metric = Field(
        default="COSINE",
        description="What near means. COSINE fits every model; IP only those whose vectors have length 1.",
    )


class HnswIndex(_Index):
    """A graph: the quickest, all of it in memory."""

    type: Literal["HNSW"] = Field(default="HNSW", description="A graph: fast, and all of it in memory.")
    m: int = Field(
        default=16,
        ge=2,
        le=2048,
        description="Links of each vector. More find more and cost 8 bytes each, per vector.",
    )
    ef_construction: int = Field(
        default=256, ge=1, le=65_536, description="Candidates looked at for each link; more build slower."
    )

    @model_validator(mode="after")
    def _looks_at_more_than_it_keeps(self) -> Self:
        if self.ef_construction < self.m:
            raise ValueError(
                f"ef_construction {self.ef_construction} is below m {self.m}: links would be missing; raise it"
            )
        return self

    @property
    def params(self) -> dict[str, int]:
        """As Milvus calls them."""
        return {"M": self.m, "efConstruction": self.ef_construction}


class IvfFlatIndex(_Index):
    """Vectors in heaps of which few are searched: quick to build, whole vectors in memory."""

    type: Literal["IVF_FLAT"] = Field(description="Clusters of whole vectors.")
    nlist: int = Field(
        default=1024, ge=1, le=65_536, description="Heaps; about 4 times the root of the rows."
    )

    @property
    def params(self) -> dict[str, int]:
        """As Milvus calls them."""
        return {"nlist": self.nlist}


class IvfSq8Index(_Index):
    """The same with a byte for each number: a quarter of the memory, and somewhat less found."""

    type: Literal["IVF_SQ8"] = Field(description="Clusters of vectors at a quarter of their size.")
    nlist: int = Field(
        default=1024, ge=1, le=65_536, description="Heaps; about 4 times the root of the rows."
    )

    @property
    def params(self) -> dict[str, int]:
        """As Milvus calls them."""
        return {"nlist": self.nlist}


class FlatIndex(_Index):
    """No index: every vector is looked at. Exact, and enough for some ten thousand."""

    type: Literal["FLAT"] = Field(description="No index: every vector is compared.")

    @property
    def params(self) -> dict[str, int]:
        """None."""
        return {}


Index = Annotated[HnswIndex | IvfFlatIndex | IvfSq8Index | FlatIndex, Field(discriminator="type")]


class CollectionSpec(Spec):
    """One collection: text, its vector, what else is known of it, and the tenant it belongs to.

    The fields are the same at every level of isolation, so that a collection can move from one to another.
    """

    isolation: Isolation = Field(
        default="database",
        description=(
            "partition_key: one for everybody, in `default`, for the platform's own agents; database: one for "
            "each tenant, in the tenant's own database; dedicated: one for each tenant that has a Milvus of its own, "
            "there."
        ),
    )
    embedding_model: ModelName = Field(
        default="text-embedding-3-small",
        description="The model whose vectors it holds; says how long they are.",
    )
    dimensions: int | None = Field(
        default=None,
        ge=2,
        le=LONGEST_VECTOR,
        description="Numbers in each vector, where they are shortened; None: as the model makes them.",
    )
    index: Index = Field(default_factory=HnswIndex, description="How near vectors are found.")
    content_max_length: int = Field(
        default=65_535, ge=1, le=65_535, description="Bytes of the longest text; Milvus ends at 65535."
    )
    partitions: int = Field(
        default=16,
        ge=1,
        le=1024,
        description="Parts that rows are dealt to by tenant_id; a search that names the tenant reads one.",
    )
    shards: int = Field(
        default=1, ge=1, le=16, description="Logs that are written at once; each streaming node takes some."
    )
    replicas: int = Field(
        default=1, ge=1, le=10, description="Copies in memory; each takes query nodes of its own."
    )
    expected_vectors: int = Field(
        default=100_000, ge=1, le=10_000_000_000, description="Rows to plan memory for, in each database."
    )
    mean_content_bytes: int = Field(
        default=1_000, ge=1, le=65_535, description="Mean bytes of text and metadata of a row, for the same."
    )

    @property
    def embedding(self) -> dict[str, str | int]:
        """What a vector of this collection is asked for with, beside its text, in the words of OpenAI's API."""
        cut = {} if self.dimensions is None else {"dimensions": self.dimensions}
        return {"model": self.embedding_model, **cut}


class VectorsSpec(Spec):
    """Every collection of the stack. Without Milvus there are none."""

    enabled: bool = Field(
        default=True, description="Make collections, databases and users. Needs data.milvus."
    )
    embedding_models: dict[ModelName, EmbeddingModelSpec] = Field(
        default_factory=dict, description="Models beside those of the catalogue, or instead of them."
    )
    collections: dict[CollectionName, CollectionSpec] = Field(
        default_factory=lambda: {"agent_knowledge": CollectionSpec()},
        max_length=64,
        description="By name: letters, digits and underscores.",
    )
    dedicated: dict[DnsLabel, MilvusSpec] = Field(
        default_factory=dict,
        max_length=16,
        description=(
            "Tenants that have a Milvus of their own, by name; each is as data.milvus is where it says nothing "
            "else. All that the tenant has at the levels database and dedicated is there."
        ),
    )
    users_generation: int = Field(
        default=1,
        ge=1,
        description="Raise it to run the job again, for example after a password changed in Secrets Manager.",
    )

    def at(self, isolation: Isolation) -> dict[str, CollectionSpec]:
        """The collections of one level."""
        return {name: one for name, one in self.collections.items() if one.isolation == isolation}

    def home(self, tenant: str | None) -> Instance:
        """The Milvus in which a tenant's collections are; None: the platform's own."""
        return Instance(tenant) if tenant in self.dedicated else SHARED

    def collections_of(self, tenant: str | None) -> dict[str, CollectionSpec]:
        """The collections of one database: a tenant's; None: the platform's."""
        if tenant is None:
            return self.at("partition_key")
        return {**self.at("database"), **(self.at("dedicated") if tenant in self.dedicated else {})}

    def residents(self, tenants: Collection[str], instance: Instance) -> tuple[str | None, ...]:
        """Whose collections are in one Milvus, by name; the platform's own, None, are in the shared one."""
        if instance.tenant is not None:
            return (instance.tenant,)
        return (None, *sorted(set(tenants) - self.dedicated.keys()))

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Those that are one tenant's, by its name."""
        return tuple(Instance(tenant) for tenant in sorted(self.dedicated))


DEFAULT_DATABASE = "default"


def database(tenant: str | None) -> str:
    """A tenant's database: its name as Milvus takes it, which knows no hyphen. No two tenants share one.

    The platform's own is `default`.
    """
    return DEFAULT_DATABASE if tenant is None else tenant.replace("-", "_")
