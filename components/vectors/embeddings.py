"""Models that make vectors, and how long their vectors are: dated data with its source, never a constant in code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from components.vectors.spec import EmbeddingModelSpec

_LOOKED_UP = date(2026, 11, 23)


def _model(dimensions: int, source: str, *, shorter: tuple[int, ...] = ()) -> EmbeddingModelSpec:
    return EmbeddingModelSpec(
        dimensions=dimensions, shorter=list(shorter), source=source, recorded_on=_LOOKED_UP
    )


_OPENAI = "OpenAI, embeddings guide"
_AWS = "AWS, Amazon Bedrock user guide"

CATALOGUE: Mapping[str, EmbeddingModelSpec] = MappingProxyType(
    {
        "text-embedding-3-small": _model(1536, _OPENAI, shorter=(256, 512, 768, 1024)),
        "text-embedding-3-large": _model(3072, _OPENAI, shorter=(256, 512, 1024, 1536)),
        "text-embedding-ada-002": _model(1536, _OPENAI),
        "amazon.titan-embed-text-v2:0": _model(1024, _AWS, shorter=(256, 512)),
        "cohere.embed-multilingual-v3": _model(1024, _AWS),
        "BAAI/bge-m3": _model(1024, "model card of BAAI/bge-m3"),
        "nomic-embed-text-v1.5": _model(
            768, "model card of nomic-ai/nomic-embed-text-v1.5", shorter=(64, 128, 256, 512)
        ),
    }
)
"""By public name. A stack that uses another model says so under `vectors.embedding_models`."""
