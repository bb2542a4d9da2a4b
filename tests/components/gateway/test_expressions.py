"""What the gateway's expressions answer, by an evaluator of the family that the proxy's own is forked from."""

from __future__ import annotations

import json
from typing import Any, cast

import cel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.gateway import expressions
from components.gateway.spec import PLATFORM, Access, Callers

CALLERS = Callers(
    issuer="https://issuer",
    jwks_host="issuer",
    jwks_path="keys",
    claim="client_id",
    tenants=(("1abc", "tenant-a"), ("2def", "tenant-b"), ("made-by-hand", "tenant-b")),
)
ACCESS = {
    "tenant-a": Access(tier="standard"),
    "tenant-b": Access(tier="gold", models=("gpt-4",)),
    PLATFORM: Access(tier="standard"),
}


def _default(value: object, other: object) -> object:
    return other if value is None else value


def answer(expression: object, **variables: Any) -> Any:
    context = cel.Context()
    context.add_function("toJson", json.dumps)
    context.add_function("default", _default)
    for name, value in variables.items():
        context.add_variable(name, value)
    return cel.evaluate(cast("str", expression), context)


def request(path: str = "/", **headers: str | None) -> dict[str, Any]:
    known: dict[str, str | None] = {"x-model-id": None}
    return {
        "path": path,
        "headers": {**known, **{name.replace("_", "-"): value for name, value in headers.items()}},
    }


@pytest.mark.parametrize(
    ("client", "tenant"), [("1abc", "tenant-a"), ("2def", "tenant-b"), ("made-by-hand", "tenant-b")]
)
def test_a_token_stands_for_its_clients_tenant(client: str, tenant: str) -> None:
    assert answer(expressions.tenant_of(CALLERS), jwt={"client_id": client}) == tenant
    assert answer(expressions.is_known(CALLERS), jwt={"client_id": client}) is True


@pytest.mark.parametrize("client", ["", "1abcd", "tenant-a"])
def test_a_client_of_nobody_is_not_known(client: str) -> None:
    assert answer(expressions.is_known(CALLERS), jwt={"client_id": client}) is False


def test_a_token_without_the_claim_cannot_be_judged_and_so_does_not_pass() -> None:
    with pytest.raises((KeyError, RuntimeError, ValueError)):
        answer(expressions.is_known(CALLERS), jwt={"sub": "1abc"})


def test_no_header_is_asked_who_calls() -> None:
    for expression in (expressions.tenant_of(CALLERS), expressions.is_known(CALLERS)):
        assert "request" not in str(expression)


def test_a_tier_follows_from_the_tenant() -> None:
    for tenant, tier in (("tenant-a", "standard"), ("tenant-b", "gold")):
        assert answer(expressions.tier_of(ACCESS), request=request(x_tenant=tenant)) == tier


@pytest.mark.parametrize(
    ("tenant", "model", "allowed"),
    [
        ("tenant-a", "gpt-4", True),
        ("tenant-a", "anything", True),
        ("tenant-b", "gpt-4", True),
        ("tenant-b", "claude-3", False),
        ("tenant-b", None, True),
    ],
)
def test_a_tenant_with_a_list_asks_for_nothing_else(tenant: str, model: str | None, allowed: bool) -> None:
    asked = request(x_tenant=tenant, x_model_id=model)
    assert answer(expressions.may_use_model(ACCESS), request=asked) is allowed


def test_without_lists_nothing_is_asked() -> None:
    assert expressions.may_use_model({"a": Access(tier="standard")}) is None


@pytest.mark.parametrize(
    ("tenant", "listed"),
    [("tenant-a", ["gpt-4", "claude-3"]), ("tenant-b", ["gpt-4"]), (PLATFORM, ["gpt-4", "claude-3"])],
)
def test_the_list_of_models_is_the_callers(tenant: str, listed: list[str]) -> None:
    models = [("gpt-4", "openai"), ("claude-3", "anthropic")]
    body = json.loads(answer(expressions.model_list(models, ACCESS), request=request(x_tenant=tenant)))
    assert body["object"] == "list"
    assert [one["id"] for one in body["data"]] == listed
    assert body["data"][0] == {"id": "gpt-4", "object": "model", "created": 0, "owned_by": "openai"}


@pytest.mark.parametrize(
    ("tenant", "path", "allowed"),
    [
        ("tenant-a", "/api/a2a/tenant-a/support/", True),
        ("tenant-a", "/api/a2a/tenant-b/support/", False),
        ("tenant-a", "/api/a2a/tenant-a-b/support/", False),
        ("tenant-a", "/api/a2a/ai-agents/support/", False),
        (PLATFORM, "/api/a2a/ai-agents/support/", True),
        (PLATFORM, "/api/a2a/tenant-a/support/", False),
    ],
)
def test_a_caller_reaches_agents_of_its_own_namespace(tenant: str, path: str, allowed: bool) -> None:
    expression = expressions.calls_its_own_agents("/api/a2a/", "ai-agents")
    assert answer(expression, request=request(path, x_tenant=tenant)) is allowed


@given(st.text(max_size=40))
def test_whatever_a_model_is_called_it_stays_text(name: str) -> None:
    """Quotes, backslashes and line ends in a name cannot end the expression it stands in."""
    body = json.loads(answer(expressions.model_list([(name, "x")], {}), request=request()))
    assert body["data"][0]["id"] == name
