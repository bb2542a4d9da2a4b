"""How much memory vectors take: arithmetic, shown in every plan, so that nobody learns it from a full node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.core.quantities import GIB
from components.vectors.embeddings import CATALOGUE
from components.vectors.spec import CollectionSpec, EmbeddingModelSpec, HnswIndex, IvfSq8Index

FLOAT_BYTES = 4
LINK_BYTES = 4
ID_BYTES = 64 + 64
"""The longest `id` and `tenant_id`: both are kept beside each vector."""
MILLION = 1_000_000


def known_models(own: Mapping[str, EmbeddingModelSpec]) -> dict[str, EmbeddingModelSpec]:
    """The catalogue, and what the stack says over it."""
    return {**CATALOGUE, **own}


def dimensions(spec: CollectionSpec, own: Mapping[str, EmbeddingModelSpec]) -> int:
    """How long the vectors of a collection are; KeyError where nobody knows its model."""
    return spec.dimensions or known_models(own)[spec.embedding_model].dimensions


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Bytes that one row takes in the memory of a query node."""

    vector: int
    index: float
    fields: int

    @property
    def row(self) -> float:
        """All of it."""
        return self.vector + self.index + self.fields

    def gib(self, rows: int) -> float:
        """Of so many rows."""
        return self.row * rows / GIB


def estimate(spec: CollectionSpec, own: Mapping[str, EmbeddingModelSpec]) -> Estimate:
    """What a row takes: its vector, its share of the index, its text.

    HNSW has 2 M links at the lowest level, and on higher ones M for each of the one in M vectors that are
    there: M / (M - 1) more (Malkov and Yashunin, 2016; faiss HNSW has the same layout).
    """
    length = dimensions(spec, own)
    vector = length * (1 if isinstance(spec.index, IvfSq8Index) else FLOAT_BYTES)
    links = 0.0
    if isinstance(spec.index, HnswIndex):
        links = LINK_BYTES * (2 * spec.index.m + spec.index.m / (spec.index.m - 1))
    return Estimate(vector=vector, index=links, fields=spec.mean_content_bytes + ID_BYTES)


def notice(name: str, spec: CollectionSpec, own: Mapping[str, EmbeddingModelSpec], databases: int) -> str:
    """The line that a plan shows of a collection."""
    row = estimate(spec, own)
    each = f"{row.gib(MILLION):.1f} GiB per million vectors"
    copies = databases * spec.replicas
    planned = row.gib(spec.expected_vectors) * copies
    return (
        f"{name}: {each} ({dimensions(spec, own)} dimensions, {spec.index.type}); "
        f"{spec.expected_vectors:,} in each of {databases} database(s), {spec.replicas} in memory: {planned:.1f} GiB"
    )
