"""What may be said about the rate-limit service, and the words in which the gateway asks it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec

DOMAIN = "ai-gateway"
SERVICE = "rate-limit"
NAMESPACE = "ai-gateway"
GRPC_PORT = 8081
LABELS = {"app.kubernetes.io/name": SERVICE, "app.kubernetes.io/instance": SERVICE}
CACHE_SECRET = "ratelimit-cache"  # noqa: S105 - a name
"""What whoever makes the cache tells the service: host, port, username, password, and ca.crt where one is needed."""

TIER_ENTRY, COUNTED_ENTRY, TENANT_ENTRY = "tier", "counted", "tenant"
"""The entries of a descriptor, from the outside in: a limit stands under a tier and what is counted, and holds
for each tenant by itself, so that a new tenant changes nothing here."""


class Counted(StrEnum):
    """What is counted for a tenant."""

    REQUESTS = "requests"
    TOKENS_PER_MINUTE = "tokens-per-minute"
    TOKENS_PER_DAY = "tokens-per-day"


class RateLimitSpec(Spec):
    """The service that counts for all proxies together; needs a cache and the gateway."""

    enabled: bool = Field(
        default=True,
        description="Install it. Without it each proxy counts for itself and tenants share what a tier has.",
    )
    replicas: int = Field(default=2, ge=1, le=10, description="Pods; the numbers are in the cache.")
    when_away: Literal["open", "closed"] = Field(
        default="open",
        description=(
            "What becomes of requests while it cannot be asked: let through with only the proxies' own limits, "
            "or answered 500."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="128Mi"),
        description="Of each pod.",
    )
