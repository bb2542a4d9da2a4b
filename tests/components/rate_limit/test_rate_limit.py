from __future__ import annotations

from typing import Any

import yaml

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.gateway.spec import TenantLimits, TierSpec
from components.rate_limit.metrics import SOURCES
from components.rate_limit.rate_limit import RateLimit, RateLimitArgs
from components.rate_limit.render import deployment, limits
from components.rate_limit.spec import LABELS, Counted, RateLimitSpec

TIERS = {
    "standard": TierSpec(),
    "gold": TierSpec(
        tenant=TenantLimits(requests_per_minute=6000, tokens_per_minute=3_000_000, tokens_per_day=900_000_000)
    ),
}


def made(capture: Capture, *, replicas: int = 2, monitored: bool = True) -> Plan:
    def program() -> None:
        RateLimit(
            "rate-limit",
            RateLimitArgs(
                spec=RateLimitSpec(replicas=replicas),
                tiers=TIERS,
                namespace="ai-gateway",
                cache_authority=True,
                after=(),
                monitored=monitored,
            ),
        )

    return capture(program)


def container(*, cache_authority: bool = True) -> dict[str, Any]:
    (only,) = deployment(RateLimitSpec(), limits(TIERS), cache_authority=cache_authority)["template"]["spec"][
        "containers"
    ]
    return only


def environment(*, cache_authority: bool = True) -> dict[str, Any]:
    found = container(cache_authority=cache_authority)["env"]
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in found}


def allowed(tree: dict[str, Any], *entries: tuple[str, str]) -> dict[str, Any] | None:
    """What the service answers to a descriptor: entry by entry, a value of its own or any."""
    node = tree
    for key, value in entries:
        branches = node.get("descriptors", [])
        exact = [one for one in branches if one["key"] == key and one.get("value") == value]
        any_value = [one for one in branches if one["key"] == key and "value" not in one]
        if not (exact or any_value):
            return None
        node = (exact or any_value)[0]
    return node.get("rate_limit")


def test_a_tier_gives_each_of_its_tenants_its_own_count() -> None:
    tree = yaml.safe_load(limits(TIERS))
    for tenant in ("tenant-a", "somebody-who-comes-tomorrow"):
        asked = (("tier", "gold"), ("counted", "tokens-per-day"), ("tenant", tenant))
        assert allowed(tree, *asked) == {"unit": "day", "requests_per_unit": 900_000_000}
    assert allowed(tree, ("tier", "standard"), ("counted", "requests"), ("tenant", "a")) == {
        "unit": "minute",
        "requests_per_unit": 600,
    }


def test_everything_that_the_gateway_asks_about_has_a_limit() -> None:
    tree = yaml.safe_load(limits(TIERS))
    for tier in TIERS:
        for counted in Counted:
            assert allowed(tree, ("tier", tier), ("counted", counted.value), ("tenant", "a")), (tier, counted)
    assert tree["domain"] == "ai-gateway"


def test_no_tenant_is_named() -> None:
    """A tenant that comes changes nothing here, and restarts nobody."""
    assert "tenant-" not in limits(TIERS)


def test_new_limits_roll_the_pods() -> None:
    def checksum(tiers: dict[str, TierSpec]) -> str:
        template = deployment(RateLimitSpec(), limits(tiers), cache_authority=True)["template"]
        return template["metadata"]["annotations"]["agentic.dev/limits"]

    assert checksum(TIERS) != checksum({"standard": TierSpec()})
    assert checksum(TIERS) == checksum(dict(TIERS))


def test_the_cache_is_found_by_its_secret_and_spoken_to_in_tls() -> None:
    found = environment()
    assert found["CACHE_PASSWORD"] == {"secretKeyRef": {"name": "ratelimit-cache", "key": "password"}}
    assert found["REDIS_AUTH"] == "$(CACHE_USERNAME):$(CACHE_PASSWORD)"
    assert (found["REDIS_TLS"], found["REDIS_TLS_CACERT"]) == ("true", "/cache/ca.crt")
    assert found["CACHE_KEY_PREFIX"] == "ratelimit:"


def test_an_authority_that_everybody_knows_needs_no_file() -> None:
    assert "REDIS_TLS_CACERT" not in environment(cache_authority=False)
    assert [one["name"] for one in container(cache_authority=False)["volumeMounts"]] == ["limits"]


def test_parts_of_a_value_stand_before_it() -> None:
    """The kubelet puts a value together from what it has read already."""
    order = [one["name"] for one in container()["env"]]
    assert order.index("CACHE_PASSWORD") < order.index("REDIS_AUTH")
    assert order.index("CACHE_PORT") < order.index("REDIS_URL")


def test_profiles_are_for_whoever_is_in_the_pod() -> None:
    assert environment()["DEBUG_HOST"] == "127.0.0.1"


def test_pods_have_no_token_and_write_nothing() -> None:
    pod = deployment(RateLimitSpec(), "", cache_authority=True)["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert container()["securityContext"]["readOnlyRootFilesystem"] is True
    assert set(container()["resources"]) == {"requests", "limits"}


def test_pods_wait_for_their_account_and_limits(capture: Capture) -> None:
    plan = made(capture)
    pods = plan.one("kubernetes:apps/v1:Deployment").urn
    for kind in ("ServiceAccount", "ConfigMap"):
        assert plan.deleted_before(pods, plan.one(f"kubernetes:core/v1:{kind}").urn)


def test_a_single_pod_may_be_moved(capture: Capture) -> None:
    assert len(made(capture).all("kubernetes:policy/v1:PodDisruptionBudget")) == 1
    assert made(capture, replicas=1).all("kubernetes:policy/v1:PodDisruptionBudget") == []


def test_it_is_watched_where_somebody_watches(capture: Capture) -> None:
    (monitor,) = made(capture).all("kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
    assert monitor.inputs["spec"]["selector"]["matchLabels"] == LABELS
    (service,) = made(capture).all("kubernetes:core/v1:Service")
    assert service.inputs["metadata"]["labels"].items() >= LABELS.items()
    assert SOURCES[0].job == service.inputs["metadata"]["name"]
    assert made(capture, monitored=False).all("kubernetes:monitoring.coreos.com/v1:ServiceMonitor") == []
