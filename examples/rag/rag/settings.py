"""What the platform tells the agent, and what it decides for itself: all of it environment, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """A variable that the agent cannot do without."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One agent of one tenant."""

    base_url: str
    """Of the platform's gateway, with /v1."""
    api_key: str
    model: str
    temperature: float
    max_tokens: int
    embedding_model: str
    milvus_uri: str
    milvus_token: str
    """user:password, of a user who searches; `stores: {vectors: search}` of the agent has it set."""
    database: str
    collection: str
    tenant: str
    """Every search is for rows of this tenant alone, whatever else the database holds."""
    passages: int
    least_similarity: float
    """Cosine; what is less like the question is not shown to the model."""
    history: int
    """Messages of a conversation that the model sees."""
    timeout_seconds: float
    kagent_token: Path
    """Where kagent mounts the token by which its controller knows this agent."""

    @classmethod
    def read(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """From the environment; SettingsError names everything that is not there, at once."""
        needed = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", "MILVUS_URI", "TENANT")
        missing = [name for name in needed if not env.get(name)]
        if missing:
            raise SettingsError(f"set {', '.join(missing)}; docs/rag-example.md says what each is for")
        return cls(
            base_url=env["OPENAI_BASE_URL"],
            api_key=env["OPENAI_API_KEY"],
            model=env["OPENAI_MODEL"],
            temperature=float(env.get("OPENAI_TEMPERATURE", "0.1")),
            max_tokens=int(env.get("OPENAI_MAX_TOKENS", "1024")),
            embedding_model=env.get("EMBEDDING_MODEL", "text-embedding-3-small"),
            milvus_uri=env["MILVUS_URI"],
            milvus_token=env.get("MILVUS_TOKEN", ""),
            database=env.get("MILVUS_DATABASE", "default"),
            collection=env.get("MILVUS_COLLECTION", "agent_knowledge"),
            tenant=env["TENANT"],
            passages=int(env.get("PASSAGES", "5")),
            least_similarity=float(env.get("LEAST_SIMILARITY", "0.3")),
            history=int(env.get("SESSION_MAX_HISTORY", "50")),
            timeout_seconds=float(env.get("TIMEOUT_SECONDS", "60")),
            kagent_token=Path(env.get("KAGENT_TOKEN_FILE", "/var/run/secrets/tokens/kagent-token")),
        )
