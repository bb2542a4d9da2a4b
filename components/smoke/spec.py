"""What may be said about the smoke test."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from components.core.spec import DnsLabel, Spec

PART = "smoke"
TENANTS = 2
"""One, and another that it is kept from."""


class SmokeSpec(Spec):
    """A suspended CronJob in two tenants' namespaces; `agentic smoke` runs it, and nothing else does."""

    enabled: bool = Field(
        default=True,
        description="Render it. It takes no room until it runs: then two small pods in each of two tenants.",
    )
    tenants: list[DnsLabel] | None = Field(
        default=None,
        min_length=TENANTS,
        max_length=TENANTS,
        description="The two tenants that stand for all. Left out: the first two by name, so that a tenant more "
        "may move the test out of another one's namespace; written, it moves nothing.",
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


def chosen(spec: SmokeSpec, tenants: Iterable[str]) -> tuple[str, ...]:
    """The two tenants that try each other, or nobody where there are no two.

    By name where nothing is said: the engine hands a map over sorted, whatever the file's order was.
    """
    if spec.tenants is not None:
        return tuple(spec.tenants)
    chosen = tuple(sorted(tenants)[:TENANTS])
    return chosen if len(chosen) == TENANTS else ()
