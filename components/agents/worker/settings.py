"""What the worker is told, by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the worker is told."""

    agent: str
    agent_url: str
    queue: str
    """The list, its prefix included."""
    store_url: str
    authority: str | None
    attempts: int
    timeout: int
    result_ttl: int
    at_once: int
    port: int

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Settings:
        """From the environment."""
        return cls(
            agent=told["AGENT_NAME"],
            agent_url=told["AGENT_URL"],
            queue=told["QUEUE"],
            store_url=told["REDIS_URL"],
            authority=told.get("REDIS_CA_FILE"),
            attempts=int(told["ATTEMPTS"]),
            timeout=int(told["TIMEOUT_SECONDS"]),
            result_ttl=int(told["RESULT_TTL_SECONDS"]),
            at_once=int(told["AT_ONCE"]),
            port=int(told["PORT"]),
        )
