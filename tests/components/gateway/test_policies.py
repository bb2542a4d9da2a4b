from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.gateway import policies
from components.gateway.frontend import frontend
from components.gateway.pages import USER_HEADERS, behind_login, stripped
from components.gateway.spec import GatewaySpec, TierSpec
from components.rate_limit.spec import RateLimitSpec
from tests.components.gateway.scene import ACCESS, CALLERS, PAGES, SPEC
from tests.components.langfuse.test_render import schema, unknown

LOGIN, *REST = PAGES
IDENTITY = policies.identity(SPEC, CALLERS, ACCESS)
INTERNAL = policies.internal_identity(ACCESS)
LIMITS = policies.limits(SPEC, ACCESS, RateLimitSpec())


def every_policy() -> list[dict[str, Any]]:
    return [
        IDENTITY,
        INTERNAL,
        LIMITS,
        policies.local_tokens(SPEC, ["model-gpt-4"]),
        policies.model_listing("models", [("gpt-4", "openai")], ACCESS),
        policies.own_agents("agents", "/api/a2a/", "ai-agents"),
        policies.retries("model-gpt-4", 2),
        frontend(SPEC, collector={"name": "otel-collector", "namespace": "observability", "port": 4317}),
        stripped(REST),
        behind_login(REST, LOGIN),
    ]


def test_the_kind_has_every_field_we_set(reference_crds: Path) -> None:
    known = schema(reference_crds, "agentgateway/v1.4.1/agentgateway.dev_agentgatewaypolicies.yaml")
    for spec in every_policy():
        assert unknown(spec, known) == []


def test_nobody_is_let_in_without_a_token() -> None:
    """The kind's default is Strict, one page of its documentation says Optional: it is written."""
    assert IDENTITY["traffic"]["jwtAuthentication"]["mode"] == "Strict"
    assert INTERNAL["traffic"]["apiKeyAuthentication"]["mode"] == "Strict"


def test_who_calls_is_known_before_a_route_is_chosen() -> None:
    for policy, listener in ((IDENTITY, "api"), (INTERNAL, "internal")):
        assert policy["traffic"]["phase"] == "PreRouting"
        assert [target["sectionName"] for target in policy["targetRefs"]] == [listener]


def test_agents_are_asked_in_the_callers_name_and_in_no_other() -> None:
    """The token is gone once it is read, and kagent answers 401 to whoever brings none."""
    made = policies.own_agents("agents", "/api/a2a/", "ai-agents", "email")["traffic"]
    request = made["transformation"]["request"]
    assert [one["name"] for one in request["set"]] == ["authorization"]
    assert '"email"' in request["set"][0]["value"]
    assert request["remove"] == ["x-agent-name", "x-user-id"]
    # A route's: what is before routing has written who calls by then.
    assert "phase" not in made


def test_an_expression_that_fails_refuses() -> None:
    for policy in every_policy():
        rule = policy.get("traffic", {}).get("authorization")
        assert rule is None or rule["action"] == "Require", "Deny lets pass what it cannot evaluate"


@pytest.mark.parametrize("policy", [IDENTITY, INTERNAL], ids=["token", "key"])
def test_a_clients_own_tenant_header_is_overwritten(policy: dict[str, Any]) -> None:
    written = policy["traffic"]["transformation"]["request"]
    assert [one["name"] for one in written["set"]] == ["x-tenant", "x-tier", "x-subject", "x-model-id"]
    # Added, a client's own value would stay in front of ours; removed, ours would go too: removal comes last.
    assert set(written) == {"set"}
    assert "request.headers" not in str(written["set"][0]["value"])


@pytest.mark.parametrize("policy", [IDENTITY, INTERNAL], ids=["token", "key"])
def test_who_of_a_tenant_calls_is_never_a_clients_own_word(policy: dict[str, Any]) -> None:
    written = {one["name"]: one["value"] for one in policy["traffic"]["transformation"]["request"]["set"]}
    assert written["x-subject"] in ('default(jwt.sub, "")', "apiKey.tenant")


def test_audiences_are_asked_where_tokens_have_them() -> None:
    (provider,) = IDENTITY["traffic"]["jwtAuthentication"]["providers"]
    assert provider["audiences"] == ["ai-gateway"]


def test_browsers_of_named_pages_may_call_and_others_not() -> None:
    assert IDENTITY["traffic"]["cors"]["allowOrigins"] == ["https://app.example.com"]
    closed = policies.identity(GatewaySpec(host="ai.example.com"), CALLERS, ACCESS)
    assert "cors" not in closed["traffic"]


def test_pages_of_others_change_nothing_and_say_nothing_of_who_calls() -> None:
    """Whose tenant, tier and subject it is, is the gateway's to write: no page need be let send them."""
    cors = IDENTITY["traffic"]["cors"]
    assert cors["allowMethods"] == ["GET", "POST", "OPTIONS"]
    assert cors["allowHeaders"] == ["authorization", "content-type", "x-model-id", "x-variant"]
    assert "allowCredentials" not in cors


def test_a_backend_that_is_busy_or_broken_is_followed_by_the_next_and_a_bad_request_is_not() -> None:
    retry = policies.retries("model-gpt-4", 2)["traffic"]["retry"]
    assert (retry["attempts"], retry["codes"]) == (2, [429, 500, 502, 503, 504])


def test_each_tier_has_one_local_limit() -> None:
    """Of several the controller takes the first and drops the others without a word."""
    for policy in (LIMITS, policies.local_tokens(SPEC, ["model-gpt-4"])):
        for tier in policy["traffic"]["rateLimit"]["conditional"]:
            assert len(tier["policy"]["local"]) == 1


def test_load_is_shed_from_the_hard_limit() -> None:
    (tier,) = LIMITS["traffic"]["rateLimit"]["conditional"]
    assert tier["condition"] == 'request.headers["x-tier"] == "standard"'
    assert tier["policy"]["local"] == [{"requests": 2, "burst": 3, "unit": "Seconds"}]


def test_tokens_are_counted_by_each_proxy_where_nobody_counts_for_all() -> None:
    (tier,) = policies.local_tokens(SPEC, ["model-gpt-4"])["traffic"]["rateLimit"]["conditional"]
    assert tier["policy"]["local"] == [{"tokens": 1_000_000, "unit": "Minutes"}]
    without = policies.limits(SPEC, ACCESS, None)["traffic"]["rateLimit"]["conditional"]
    assert "global" not in without[0]["policy"]


def test_each_tenant_is_counted_by_itself_under_its_tier() -> None:
    (tier,) = LIMITS["traffic"]["rateLimit"]["conditional"]
    counted = tier["policy"]["global"]
    assert (counted["domain"], counted["backendRef"]) == ("ai-gateway", {"name": "rate-limit", "port": 8081})
    assert [(one["unit"], one["entries"][1]["expression"]) for one in counted["descriptors"]] == [
        ("Requests", '"requests"'),
        ("Tokens", '"tokens-per-minute"'),
        ("Tokens", '"tokens-per-day"'),
    ]
    for one in counted["descriptors"]:
        assert [entry["name"] for entry in one["entries"]] == ["tier", "counted", "tenant"]


@pytest.mark.parametrize(("when_away", "mode"), [("open", "FailOpen"), ("closed", "FailClosed")])
def test_what_happens_without_the_service_is_said(when_away: Any, mode: str) -> None:
    made = policies.limits(SPEC, ACCESS, RateLimitSpec(when_away=when_away))
    assert made["traffic"]["rateLimit"]["conditional"][0]["policy"]["global"]["failureMode"] == mode


def test_every_tier_has_its_limits() -> None:
    spec = GatewaySpec(host="ai.example.com", tiers={"standard": TierSpec(), "gold": TierSpec()})
    tiers = policies.limits(spec, ACCESS, None)["traffic"]["rateLimit"]["conditional"]
    assert [tier["condition"].rpartition(" ")[2] for tier in tiers] == ['"standard"', '"gold"']


def test_the_gateway_itself_lists_models() -> None:
    made = policies.model_listing("models", [("gpt-4", "openai")], ACCESS)["traffic"]["directResponse"]
    assert made["status"] == 200
    assert made["headers"] == [{"name": "content-type", "value": '"application/json"'}]


def test_tls_is_modern_and_every_series_has_its_tenant() -> None:
    made = frontend(SPEC, collector=None)["frontend"]
    assert made["tls"] == {"minProtocolVersion": "1.2"}
    assert [one["name"] for one in made["metrics"]["attributes"]["add"]] == ["tenant"]
    assert "tracing" not in made


def test_a_page_asks_the_login_and_is_closed_without_it() -> None:
    asked = behind_login(REST, LOGIN)["traffic"]["extAuth"]
    assert asked["failureMode"] == "FailClosed"
    assert asked["http"]["allowedRequestHeaders"] == ["cookie"]
    assert asked["http"]["redirect"].startswith('"https://login.ui.example.com/oauth2/start?rd="')


def test_nobody_says_who_they_are_in_a_header() -> None:
    made = stripped(REST)["traffic"]
    assert made["phase"] == "PreRouting", "before the login has said who it is"
    assert set(made["transformation"]["request"]["remove"]) == {
        "authorization",
        *USER_HEADERS,
        "x-agent-name",
        "x-user-id",
    }


def test_the_login_itself_is_not_behind_the_login() -> None:
    guarded = {target["sectionName"] for target in behind_login(REST, LOGIN)["targetRefs"]}
    assert guarded == {"grafana", "agents-page"}
