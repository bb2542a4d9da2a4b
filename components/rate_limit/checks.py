"""What the rate-limit service needs of the rest of a config."""

from __future__ import annotations

from components.core.faults import Fault
from components.rate_limit.spec import RateLimitSpec

SUITABLE = ("valkey", "elasticache")
"""The caches whose Secrets hold host and password apart; the service reads no URL."""


def rate_limit_faults(spec: RateLimitSpec, *, gateway: bool, cache_mode: str) -> list[Fault]:
    """A service that would keep its numbers nowhere; one without a gateway is not installed, and no fault."""
    if not spec.enabled or not gateway or cache_mode in SUITABLE:
        return []
    reason = (
        "is off" if cache_mode == "off" else f"is {cache_mode}: only its URL is known, which it cannot read"
    )
    return [
        Fault(
            "rate_limit.enabled",
            f"counts in the cache, and data.cache.mode {reason}",
            f"set rate_limit.enabled: false, or data.cache.mode to one of {', '.join(SUITABLE)}",
        )
    ]
