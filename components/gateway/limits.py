"""How much of the gateway a tier, a tenant and a proxy have."""

from __future__ import annotations

from typing import Self

from pydantic import Field, PositiveInt, model_validator

from components.core.spec import Spec

LONGEST_STREAM_SECONDS = 3600
"""The longest a network load balancer waits for a target that goes (deregistration delay, ELB user guide)."""


class LocalLimits(Spec):
    """What one proxy takes of a tier, all its tenants together, before it sheds load.

    The proxy has no limit of its own on requests in flight (agentgateway 1.4.1). Arrivals are limited instead: in
    any `mean_seconds` no more than `hard` are let in, which keeps that many in flight while a request takes no
    longer than that.
    """

    soft: PositiveInt = Field(
        default=20,
        description="Requests in flight per proxy that the steady rate allows and that scaling aims at.",
    )
    hard: PositiveInt = Field(
        default=25,
        description="Requests in flight per proxy that a burst may reach; the rest is answered 429 at once.",
    )
    mean_seconds: PositiveInt = Field(
        default=10,
        le=600,
        description="How long a request takes on average: what turns requests in flight into arrivals.",
    )
    tokens_per_minute: PositiveInt = Field(
        default=1_000_000,
        le=2_000_000_000,
        description=(
            "Prompt and answer tokens a minute, of one proxy. In force on models where no rate-limit service "
            "counts them for each tenant: the controller takes one local limit for a route, not two."
        ),
    )

    @model_validator(mode="after")
    def _sheds_later_than_it_scales(self) -> Self:
        if self.requests_per_second < 1:
            raise ValueError(
                f"soft {self.soft} in {self.mean_seconds} seconds is less than one request a second; raise soft "
                f"to at least {self.mean_seconds}, or lower mean_seconds"
            )
        if self.burst < 0:
            needed = self.requests_per_second * (self.mean_seconds + 1)
            raise ValueError(
                f"hard {self.hard} leaves no room above soft {self.soft}: load would be shed before proxies are "
                f"added; raise hard to at least {needed}"
            )
        return self

    @property
    def requests_per_second(self) -> int:
        """The steady rate that keeps `soft` requests in flight: Little's law."""
        return self.soft // self.mean_seconds

    @property
    def burst(self) -> int:
        """What may arrive at once besides: rate times time, and a bucket of rate and burst, come to `hard`."""
        return self.hard - self.requests_per_second * (self.mean_seconds + 1)


class TenantLimits(Spec):
    """What one tenant may use, over all proxies: counted by the rate-limit service."""

    requests_per_minute: PositiveInt = Field(
        default=600, le=4_000_000_000, description="Requests a minute, of one tenant."
    )
    tokens_per_minute: PositiveInt = Field(
        default=300_000,
        le=4_000_000_000,
        description=(
            "Prompt and answer tokens a minute, of one tenant; known when an answer ends, so it is the next "
            "request that is refused."
        ),
    )
    tokens_per_day: PositiveInt = Field(
        default=50_000_000, le=4_000_000_000, description="Prompt and answer tokens a day, of one tenant."
    )

    @model_validator(mode="after")
    def _a_day_is_more_than_a_minute(self) -> Self:
        if self.tokens_per_day < self.tokens_per_minute:
            raise ValueError(
                f"tokens_per_day {self.tokens_per_day} is below tokens_per_minute {self.tokens_per_minute}, "
                "which could never be used; raise it"
            )
        return self


class TierSpec(Spec):
    """The limits of a tier of tenants."""

    local: LocalLimits = Field(default_factory=LocalLimits, description="Of one proxy.")
    tenant: TenantLimits = Field(default_factory=TenantLimits, description="Of one tenant.")


class StreamSpec(Spec):
    """How long an answer may take, and with it how long a proxy is given to end."""

    longest_seconds: int = Field(
        default=600,
        ge=10,
        le=LONGEST_STREAM_SECONDS,
        description=(
            "The longest answer. It is the request's timeout, how long a proxy that ends is waited for, and "
            "how long the load balancer keeps sending to a connection it has."
        ),
    )
    deregistration_seconds: int = Field(
        default=20,
        ge=5,
        le=120,
        description="How long a proxy that ends still takes new connections: the load balancer learns late.",
    )

    @property
    def termination_seconds(self) -> int:
        """What a proxy's pod is given to end: the load balancer's delay and the longest answer after it."""
        return self.deregistration_seconds + self.longest_seconds
