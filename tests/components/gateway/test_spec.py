from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.gateway.spec import GatewaySpec, LocalLimits, RouteSpec, StreamSpec, TenantLimits, TierSpec


def words(model: type[Any], **fields: Any) -> str:
    with pytest.raises(ValidationError) as error:
        model.model_validate(fields)
    return str(error.value)


def test_shares_sum_to_a_hundred_and_the_message_shows_the_sum() -> None:
    assert "shares sum to 90 (primary 80 + canary 10), not 100; correct one of them" in words(
        RouteSpec, backends={"primary": 80, "canary": 10}
    )


def test_a_share_is_not_negative() -> None:
    assert "the share of canary is negative; write 0 to keep a backend idle" in words(
        RouteSpec, backends={"primary": 120, "canary": -20}
    )


def test_a_backend_may_be_idle() -> None:
    assert RouteSpec(backends={"primary": 100, "canary": 0}).backends["canary"] == 0


@pytest.mark.parametrize("fallbacks", [["primary"], ["other", "other"]])
def test_a_fallback_is_another_backend(fallbacks: list[str]) -> None:
    assert f"{fallbacks[0]} is named twice; a fallback is another backend, named once" in words(
        RouteSpec, backends={"primary": 100}, fallbacks=fallbacks
    )


def test_the_missions_numbers_are_the_default() -> None:
    local = LocalLimits()
    assert (local.hard, local.soft) == (25, 20)
    assert GatewaySpec().target_in_flight == 20


@pytest.mark.parametrize(
    ("soft", "hard", "mean"), [(20, 25, 10), (20, 22, 10), (40, 50, 5), (100, 180, 60), (7, 14, 2)]
)
def test_no_more_than_hard_arrive_within_the_mean(soft: int, hard: int, mean: int) -> None:
    """A bucket of rate and burst, filled with the rate, lets rate + burst + rate * time pass at most."""
    local = LocalLimits(soft=soft, hard=hard, mean_seconds=mean)
    arrivals = local.requests_per_second + local.burst + local.requests_per_second * mean
    assert arrivals == hard
    assert local.requests_per_second * mean <= soft


def test_load_is_not_shed_before_proxies_are_added() -> None:
    assert (
        "hard 15 leaves no room above soft 20: load would be shed before proxies are added; raise hard to at "
        "least 22"
    ) in words(LocalLimits, soft=20, hard=15)


def test_a_rate_below_one_a_second_is_refused() -> None:
    assert (
        "soft 20 in 60 seconds is less than one request a second; raise soft to at least 60, or lower mean_seconds"
    ) in words(LocalLimits, soft=20, hard=25, mean_seconds=60)


def test_a_day_is_more_than_a_minute() -> None:
    assert ("tokens_per_day 10 is below tokens_per_minute 20, which could never be used; raise it") in words(
        TenantLimits, tokens_per_minute=20, tokens_per_day=10
    )


def test_a_proxy_is_given_the_longest_answer_and_the_load_balancers_delay() -> None:
    """The seed's 5 seconds end every stream that a rollout meets."""
    assert StreamSpec().termination_seconds == 620
    assert "less than or equal to 3600" in words(StreamSpec, longest_seconds=4000)


def test_proxies_can_scale() -> None:
    assert "max_replicas 2 is below replicas 3; raise it" in words(
        GatewaySpec, proxy={"replicas": 3, "max_replicas": 2}
    )


@pytest.mark.parametrize(
    "origin", ["http://app.example.com", "https://app.example.com/", "*", "https://*.example.com"]
)
def test_an_allowed_origin_is_one_page(origin: str) -> None:
    assert f"allowed_origins: {origin} is not an https origin" in words(GatewaySpec, allowed_origins=[origin])


@pytest.mark.parametrize("block", ["203.0.113.5/24", "everybody"])
def test_a_source_range_is_a_block(block: str) -> None:
    message = words(GatewaySpec, load_balancer={"source_ranges": [block]})
    assert f"{block!r} is not an IPv4 block" in message
    assert "write for example 203.0.113.0/24" in message


def test_the_platforms_tier_is_a_tier() -> None:
    assert "platform_tier is 'gold'; tiers are standard; name one" in words(GatewaySpec, platform_tier="gold")


def test_a_stack_has_tiers() -> None:
    assert "at least 1 item" in words(GatewaySpec, tiers={})
    assert GatewaySpec(tiers={"standard": TierSpec()}).tiers["standard"].tenant.requests_per_minute == 600


@pytest.mark.parametrize("model", ["gpt-4", "claude-3", "mixtral-8x7b", "meta/Llama-3.1-8B", "gpt-4.1"])
def test_a_models_name_is_what_clients_write(model: str) -> None:
    assert model in GatewaySpec.model_validate({"routes": {model: {"backends": {"relay": 100}}}}).routes


def test_a_models_name_cannot_end_an_expression() -> None:
    assert "should match pattern" in words(GatewaySpec, routes={'gpt"4': {"backends": {"relay": 100}}})
