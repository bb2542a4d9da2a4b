"""Models that make vectors, and how long their vectors are: dated data with its source, never a constant in code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from components.vectors.spec import EmbeddingModelSpec

_LOOKED_UP = date(2026, 11, 30)


def _model(dimensions: int, source: str, *, shorter: tuple[int, ...] = ()) -> EmbeddingModelSpec:
    return EmbeddingModelSpec(
        dimensions=dimensions, shorter=list(shorter), source=source, recorded_on=_LOOKED_UP
    )


_OPENAI = "OpenAI's announcement of January 2024, as LlamaIndex keeps it (packages/providers/openai/src/embedding.ts)"
"""OpenAI's API cuts to any length; these are the ones of which its quality was published."""
_AWS = "AWS, https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html"
_COHERE = "Cohere, https://docs.cohere.com/docs/embed-2 (embed-multilingual-v3.0)"
_BGE = "https://huggingface.co/BAAI/bge-m3/discussions/57: fixed, says its maker"
_NOMIC = "model card, https://huggingface.co/nomic-ai/nomic-embed-text-v1.5"

CATALOGUE: Mapping[str, EmbeddingModelSpec] = MappingProxyType(
    {
        "text-embedding-3-small": _model(1536, _OPENAI, shorter=(512,)),
        "text-embedding-3-large": _model(3072, _OPENAI, shorter=(256, 1024)),
        "text-embedding-ada-002": _model(1536, _OPENAI),
        "amazon.titan-embed-text-v2:0": _model(1024, _AWS, shorter=(256, 512)),
        "cohere.embed-multilingual-v3": _model(1024, _COHERE),
        "BAAI/bge-m3": _model(1024, _BGE),
        "nomic-embed-text-v1.5": _model(768, _NOMIC, shorter=(64, 128, 256, 512)),
    }
)
"""By public name. A stack that uses another model says so under `vectors.embedding_models`."""
