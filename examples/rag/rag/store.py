"""Passages in Milvus: found by likeness, of one tenant, in the collection that the platform made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openai import OpenAI
from pymilvus import MilvusClient

from rag.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a document, and how like the question it is."""

    text: str
    source: str
    similarity: float


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is stored: its id is the caller's, so that storing it again replaces it."""

    id: str
    text: str
    source: str


class Store:
    """One tenant's passages."""

    def __init__(self, settings: Settings, models: OpenAI) -> None:
        self._settings, self._models = settings, models
        self._client: Any = None

    @property
    def _milvus(self) -> Any:
        # Connects at the first question, so that a Milvus that is down does not keep the agent from starting.
        if self._client is None:
            self._client = MilvusClient(
                self._settings.milvus_uri,
                token=self._settings.milvus_token,
                db_name=self._settings.database,
                timeout=self._settings.timeout_seconds,
            )
        return self._client

    def search(self, question: str) -> list[Passage]:
        """The passages most like the question, best first; none where nothing is like it."""
        (vector,) = self._vectors([question])
        found = self._milvus.search(
            self._settings.collection,
            data=[vector],
            limit=self._settings.passages,
            # Names the partition key: Milvus reads the tenant's part alone. JSON quotes as Milvus does.
            filter=f"tenant_id == {json.dumps(self._settings.tenant)}",
            output_fields=["content", "metadata"],
            search_params={"metric_type": "COSINE"},
        )
        passages = [
            Passage(
                text=hit["entity"]["content"],
                source=str((hit["entity"].get("metadata") or {}).get("source", hit["id"])),
                similarity=float(hit["distance"]),
            )
            for hit in found[0]
        ]
        return [one for one in passages if one.similarity >= self._settings.least_similarity]

    def put(self, documents: Sequence[Document]) -> int:
        """Store or replace these; needs the user who may write."""
        vectors = self._vectors([one.text for one in documents])
        rows = [
            {
                "id": one.id,
                "content": one.text,
                "embedding": vector,
                "metadata": {"source": one.source},
                "tenant_id": self._settings.tenant,
            }
            for one, vector in zip(documents, vectors, strict=True)
        ]
        self._milvus.upsert(self._settings.collection, rows)
        return len(rows)

    def _vectors(self, texts: Sequence[str]) -> list[list[float]]:
        answer = self._models.embeddings.create(model=self._settings.embedding_model, input=list(texts))
        return [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]
