from __future__ import annotations

import pytest

from components.core.faults import Fault
from components.rate_limit.checks import rate_limit_faults
from components.rate_limit.spec import RateLimitSpec

ON, OFF = RateLimitSpec(), RateLimitSpec(enabled=False)
REMEDY = "set rate_limit.enabled: false, or data.cache.mode to one of valkey, elasticache"


@pytest.mark.parametrize("mode", ["valkey", "elasticache"])
def test_numbers_are_kept_in_a_cache_of_ours(mode: str) -> None:
    assert rate_limit_faults(ON, gateway=True, cache_mode=mode) == []


def test_without_a_cache_there_is_nowhere_to_keep_them() -> None:
    assert rate_limit_faults(ON, gateway=True, cache_mode="off") == [
        Fault("rate_limit.enabled", "counts in the cache, and data.cache.mode is off", REMEDY)
    ]


def test_a_cache_known_by_its_url_alone_does_not_do() -> None:
    assert rate_limit_faults(ON, gateway=True, cache_mode="external") == [
        Fault(
            "rate_limit.enabled",
            "counts in the cache, and data.cache.mode is external: only its URL is known, which it cannot read",
            REMEDY,
        )
    ]


@pytest.mark.parametrize("mode", ["off", "external"])
def test_who_is_not_installed_needs_no_cache(mode: str) -> None:
    assert rate_limit_faults(OFF, gateway=True, cache_mode=mode) == []
    assert rate_limit_faults(ON, gateway=False, cache_mode=mode) == []
