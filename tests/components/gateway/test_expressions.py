"""What the gateway's expressions answer, by an evaluator of the family that the proxy's own is forked from."""

from __future__ import annotations

import base64
import json
from typing import Any, cast

import cel
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.gateway import expressions
from components.gateway.spec import PLATFORM, Access, Callers, Selection

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


def _base64(plain: str) -> str:
    return base64.b64encode(plain.encode()).decode()


def answer(expression: object, **variables: Any) -> Any:
    expression = _coalesced(cast("str", expression), variables)
    context = cel.Context()
    context.add_function("toJson", json.dumps)
    context.add_function("default", _default)
    context.add_function("json", json.loads)
    context.add_function("base64Encode", _base64)
    context.add_function("replace", str.replace)
    for name, value in variables.items():
        context.add_variable(name, value)
    return cel.evaluate(expression, context)


def _coalesced(expression: str, variables: dict[str, Any]) -> str:
    """`coalesce` of the proxy's dialect swallows errors, which no function of this evaluator can: done before."""
    while (start := expression.rfind("coalesce(")) >= 0:
        depth, commas, end = 0, [start + len("coalesce(") - 1], start + len("coalesce(") - 1
        while True:
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(expression[end], 0)
            if depth == 0:
                break
            if depth == 1 and expression[end] == ",":
                commas.append(end)
            end += 1
        value: object = None
        for first, last in zip(commas, [*commas[1:], end], strict=True):
            try:
                value = answer(expression[first + 1 : last].strip(), **variables)
            except (KeyError, RuntimeError, TypeError, ValueError):
                continue
            break
        expression = expression[:start] + json.dumps(value) + expression[end + 1 :]
    return expression


def request(
    path: str = "/", *, method: str = "POST", body: str = "", **headers: str | None
) -> dict[str, Any]:
    return {
        "path": path,
        "method": method,
        "body": body,
        "headers": {name.replace("_", "-"): value for name, value in headers.items() if value is not None},
    }


def asks(model: str) -> str:
    return json.dumps({"model": model})


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


CHAT = "/v1/chat/completions"
SELECTION = Selection(asked_as="auto", chosen='"gpt-4"')


def passes(selection: Selection | None = None, **asked: Any) -> bool:
    """As a proxy judges: an expression that fails refuses."""
    expression = expressions.may_use_model(ACCESS, selection)
    try:
        return answer(expression, request=request(**asked)) is True
    except (KeyError, RuntimeError, ValueError):
        return False


@pytest.mark.parametrize(
    ("tenant", "model", "allowed"),
    [
        ("tenant-a", "gpt-4", True),
        ("tenant-a", "anything", True),
        ("tenant-b", "gpt-4", True),
        ("tenant-b", "claude-3", False),
    ],
)
def test_a_tenant_with_a_list_asks_for_nothing_else(tenant: str, model: str, allowed: bool) -> None:
    assert passes(path=CHAT, x_tenant=tenant, x_model_id=model, body=asks(model)) is allowed


@pytest.mark.parametrize("path", [CHAT, "/v1/embeddings", "/v1/batches"])
@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("gpt-4", asks("claude-3")),
        ("claude-3", asks("gpt-4")),
        ("gpt-4", "{}"),
        ("gpt-4", ""),
        ("gpt-4", "\x1f\x8b"),
    ],
    ids=["in the body", "in the header", "no model", "no body", "compressed"],
)
def test_an_allowed_name_is_no_cover_for_another(path: str, header: str, body: str) -> None:
    """The route goes by the header, servers and the relay by the body."""
    assert passes(path=path, x_tenant="tenant-b", x_model_id=header, body=body) is False


@pytest.mark.parametrize("body", ["", "\x1f\x8b"], ids=["none", "compressed"])
def test_a_name_that_cannot_be_read_is_not_taken_for_an_allowed_one(body: str) -> None:
    """The proxy unpacks a compressed body further on, and the relay takes every name."""
    assert passes(path=CHAT, x_tenant="tenant-b", body=body) is False
    assert passes(path=CHAT, x_tenant="tenant-a", body=body) is True


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/models"), ("GET", "/v1/batches/0af3"), ("POST", "/api/a2a/tenant-b/support/")],
)
def test_what_names_no_model_is_not_asked_for_one(method: str, path: str) -> None:
    assert passes(method=method, path=path, x_tenant="tenant-b") is True


@pytest.mark.parametrize(("chosen", "allowed"), [("gpt-4", True), ("claude-3", False)])
def test_a_choice_that_is_left_to_the_platform_is_within_the_list(chosen: str, allowed: bool) -> None:
    asked: dict[str, Any] = {"path": CHAT, "x_tenant": "tenant-b", "x_model_id": chosen, "body": asks("auto")}
    assert passes(SELECTION, **asked) is allowed
    assert passes(None, **asked) is False


@pytest.mark.parametrize(
    ("header", "body", "model"),
    [
        (None, asks("gpt-4"), "gpt-4"),
        ("claude-3", asks("gpt-4"), "claude-3"),
        ("claude-3", "", "claude-3"),
        (None, asks("auto"), "gpt-4"),
        ("auto", asks("claude-3"), "gpt-4"),
        ("claude-3", asks("auto"), "gpt-4"),
    ],
)
def test_the_header_goes_before_the_body_and_either_leaves_the_choice(
    header: str | None, body: str, model: str
) -> None:
    asked = request(CHAT, body=body, x_model_id=header)
    assert answer(expressions.model_asked_for(SELECTION), request=asked) == model


@pytest.mark.parametrize(
    ("routed_by", "body", "sent"),
    [
        ("mixtral", "mixtral", "mixtral"),
        ("tickets", "tickets", "tickets"),
        ("mixtral-8x7b", "mixtral-8x7b", "mixtral"),
        ("mixtral", "tickets", "mixtral"),
    ],
    ids=["its own name", "an adapter", "a canary's public name", "another than the route's"],
)
def test_a_server_is_asked_by_a_name_that_it_answers_to(routed_by: str, body: str, sent: str) -> None:
    """vLLM answers 404 to a name that it does not serve, and any adapter it holds to whoever names it."""
    expression = expressions.model_to_send(("mixtral", "tickets"))
    asked = request(CHAT, x_model_id=routed_by)
    assert answer(expression, request=asked, llmRequest={"model": body}) == sent


def test_the_relay_is_asked_by_what_the_route_was_chosen_by_and_told_of_a_choice_left_to_it() -> None:
    expression = expressions.model_to_send((), "auto")
    for body, sent in (("gpt-4", "claude-3"), ("auto", "auto")):
        asked = request(CHAT, x_model_id="claude-3")
        assert answer(expression, request=asked, llmRequest={"model": body}) == sent


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


def believed(told: str) -> dict[str, Any]:
    """As kagent reads it (v0.9.12, httpserver/auth/proxy_authn.go): three parts, the second without padding."""
    scheme, _, token = told.partition(" ")
    assert scheme == "Bearer"
    _, payload, _ = token.split(".")
    assert not set(payload) & set("+/=")
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


@given(st.text(min_size=1, max_size=80))
def test_kagent_is_told_who_calls_whatever_that_is(subject: str) -> None:
    told = answer(expressions.told_to_agents(), request=request(x_subject=subject, x_tenant="tenant-a"))
    assert believed(told) == {"sub": subject}


def test_kagent_is_told_the_tenant_where_a_token_names_nobody() -> None:
    told = answer(expressions.told_to_agents(), request=request(x_subject="", x_tenant="tenant-a"))
    assert believed(told) == {"sub": "tenant-a"}


@pytest.mark.parametrize(
    ("known", "who"),
    [({"jwt": {"email": "ada@acme.example"}}, "ada@acme.example"), ({"jwt": {"sub": "1"}}, "1"), ({}, "1")],
)
def test_kagent_is_told_the_claim_that_sessions_are_kept_under(known: dict[str, Any], who: str) -> None:
    asked = request(x_subject="1", x_tenant="tenant-a")
    assert believed(answer(expressions.told_to_agents("email"), request=asked, **known)) == {"sub": who}


@given(st.text(max_size=40))
def test_whatever_a_model_is_called_it_stays_text(name: str) -> None:
    """Quotes, backslashes and line ends in a name cannot end the expression it stands in."""
    body = json.loads(answer(expressions.model_list([(name, "x")], {}), request=request()))
    assert body["data"][0]["id"] == name


@given(st.text(min_size=1, max_size=40))
@example("모델-😀")
def test_whatever_a_model_is_called_it_is_asked_by_its_name(name: str) -> None:
    asked = request(CHAT, x_model_id="another")
    assert answer(expressions.model_to_send([name]), request=asked) == name
