"""What may be said about the smoke test."""

from __future__ import annotations

from pydantic import Field

from components.core.spec import Spec

PART = "smoke"


class SmokeSpec(Spec):
    """A suspended CronJob in two tenants' namespaces; `agentic smoke` runs it, and nothing else does."""

    enabled: bool = Field(
        default=True,
        description="Render it. It takes no room until it runs: then two small pods in each of two tenants.",
    )
    connect_seconds: int = Field(
        default=3,
        ge=1,
        le=30,
        description="Silence for so long is a denial: policies drop, they do not refuse.",
    )
    settle_seconds: int = Field(
        default=60,
        ge=10,
        le=600,
        description="How long an answer may be another one at first: policies reach a new pod after it started.",
    )
