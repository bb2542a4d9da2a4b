from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from components.relay.hook.door import Door, Keys

GATEWAY, MASTER, PROVIDER = "gateway-key-0123456789", "sk-master-0123456789", "provider-key-0123456789"


class Inside:
    """In LiteLLM's place: keeps what reaches it, answers what it was told to."""

    def __init__(
        self, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None, *parts: bytes
    ) -> None:
        self.status, self.headers, self.parts = status, headers or [], parts or (b"{}",)
        self.scopes: list[Any] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] != "http":
            return
        self.bodies.append((await receive()).get("body", b""))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for index, part in enumerate(self.parts):
            await send({"type": "http.response.body", "body": part, "more_body": index + 1 < len(self.parts)})

    def header(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.scopes[-1]["headers"] if key == name]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    (tmp_path / "tenant-a").write_text("of-tenant-a\n")
    (tmp_path / "empty").write_text("")
    return Keys(tmp_path)


def ask(
    app: Inside,
    keys: Keys,
    *,
    path: str = "/v1/chat/completions",
    headers: list[tuple[bytes, bytes]] | None = None,
    body: tuple[bytes, ...] = (b'{"model": "m"}',),
    **more: Any,
) -> list[dict[str, Any]]:
    door = Door(app, keys, gateway_key=GATEWAY, master_key=MASTER, names=["m"], secrets=[PROVIDER], **more)
    sent: list[dict[str, Any]] = []
    left = [
        {"type": "http.request", "body": part, "more_body": i + 1 < len(body)} for i, part in enumerate(body)
    ]

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    given = [(b"authorization", f"Bearer {GATEWAY}".encode()), (b"x-tenant", b"tenant-a")]
    scope = {"type": "http", "path": path, "headers": given if headers is None else headers}
    asyncio.run(door(scope, receive, send))
    return sent


def test_the_gateways_key_becomes_the_tenants(keys: Keys) -> None:
    inside = Inside()
    ask(inside, keys)
    assert inside.header(b"authorization") == [b"Bearer sk-of-tenant-a"]


def test_a_tenant_that_comes_needs_no_restart(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "tenant-b").write_text("of-tenant-b")
    inside = Inside()
    ask(inside, keys, headers=[(b"authorization", f"Bearer {GATEWAY}".encode()), (b"x-tenant", b"tenant-b")])
    assert inside.header(b"authorization") == [b"Bearer sk-of-tenant-b"]


@pytest.mark.parametrize(
    "tenants", [[], [b"nobody"], [b"empty"], [b"../x"], [b"tenant-a", b"tenant-b"], [b"\xff"]]
)
def test_one_tenant_with_a_key_is_named_or_nobody_comes_in(keys: Keys, tenants: list[bytes]) -> None:
    inside = Inside()
    named = [(b"x-tenant", tenant) for tenant in tenants]
    sent = ask(inside, keys, headers=[(b"authorization", f"Bearer {GATEWAY}".encode()), *named])
    assert sent[0]["status"] == 403
    assert inside.scopes == []


def test_the_master_key_passes_as_it_is_and_everywhere(keys: Keys) -> None:
    inside = Inside()
    ask(inside, keys, path="/key/generate", headers=[(b"Authorization", f"Bearer {MASTER}".encode())])
    assert inside.scopes[-1]["path"] == "/key/generate"


@pytest.mark.parametrize("path", ["/health/liveliness", "/health/readiness", "/metrics/"])
def test_probes_and_prometheus_need_no_key(keys: Keys, path: str) -> None:
    assert ask(Inside(), keys, path=path, headers=[])[0]["status"] == 200


@pytest.mark.parametrize("path", ["/health", "/metricsx", "/", "/v1/models", "/key/list"])
def test_everything_else_does(keys: Keys, path: str) -> None:
    assert ask(Inside(), keys, path=path, headers=[])[0]["status"] == 401


def test_a_body_that_is_nested_too_deep_is_refused_like_one_that_is_no_json(keys: Keys) -> None:
    inside = Inside()
    deep = b'{"model": "m", "messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for body in (deep, b"{"):
        sent = ask(inside, keys, body=(body,))
        assert (sent[0]["status"], inside.scopes) == (400, [])
        assert b"the body is not JSON" in sent[1]["body"]


def test_a_model_that_nobody_has_goes_no_further(keys: Keys) -> None:
    inside = Inside()
    sent = ask(inside, keys, body=(b'{"model": "other"}',))
    assert (sent[0]["status"], inside.scopes) == (400, [])
    assert b"no model 'other' here" in sent[1]["body"]
    ask(inside, keys, body=(b'{"model": "auto"}',))
    assert len(inside.scopes) == 1


def test_a_body_in_pieces_is_read_whole_and_cleaned(keys: Keys) -> None:
    inside = Inside()
    ask(inside, keys, body=(b'{"model": "m", "api_b', b'ase": "x", "to', b'ols": []}'))
    assert json.loads(inside.bodies[0]) == {"model": "m", "tools": []}
    assert inside.header(b"content-length") == [str(len(inside.bodies[0])).encode()]


def test_a_body_that_is_too_large_is_refused_with_its_limit(keys: Keys) -> None:
    sent = ask(Inside(), keys, body=(b"x" * 60, b"x" * 60), largest_body=100)
    assert sent[0]["status"] == 413
    assert b"more than 100 bytes" in sent[1]["body"]


def test_an_error_is_collected_and_cleaned_even_where_a_key_is_cut_in_two(keys: Keys) -> None:
    half = len(PROVIDER) // 2
    parts = (b"bad " + PROVIDER[:half].encode(), PROVIDER[half:].encode() + b"!")
    sent = ask(Inside(500, [(b"content-length", b"99")], *parts), keys)
    assert sent[1]["body"] == b"bad [redacted]!"
    assert sent[0]["headers"] == [(b"content-length", str(len(sent[1]["body"])).encode())]


def test_a_stream_passes_piece_by_piece(keys: Keys) -> None:
    parts = (b"data: a\n\n", b"data: " + PROVIDER.encode() + b"\n\n", b"data: [DONE]\n\n")
    sent = ask(Inside(200, [(b"content-type", b"text/event-stream; charset=utf-8")], *parts), keys)
    assert [one["body"] for one in sent[1:]] == [b"data: a\n\n", b"data: [redacted]\n\n", b"data: [DONE]\n\n"]


def test_what_a_model_says_in_a_stream_is_not_touched(keys: Keys) -> None:
    said = b'data: {"choices": [{"delta": {"content": "Bearer authentication, sk-learn-it, \\"error\\": x"}}]}\n\n'
    sent = ask(Inside(200, [(b"content-type", b"text/event-stream")], said), keys)
    assert sent[1]["body"] == said


def test_an_error_within_a_stream_shows_nothing_like_a_key(keys: Keys) -> None:
    said = b'data: {"error": {"message": "wrong key sk-somebody-0123456789"}}\n\n'
    sent = ask(Inside(200, [(b"content-type", b"text/event-stream")], said), keys)
    assert sent[1]["body"] == b'data: {"error": {"message": "wrong key [redacted]"}}\n\n'


def test_an_answer_is_not_touched(keys: Keys) -> None:
    text = b"a model may write sk-example-0123456789 into its answer"
    assert ask(Inside(200, [], text), keys)[1]["body"] == text


def test_headers_about_the_inside_stay_inside(keys: Keys) -> None:
    inner = [
        (b"x-litellm-model-api-base", b"http://x"),
        (b"x-litellm-call-id", b"1"),
        (b"llm_provider-x", b"y"),
    ]
    assert ask(Inside(200, inner), keys)[0]["headers"] == [(b"x-litellm-call-id", b"1")]


def test_life_begins_and_ends_as_litellm_has_it(keys: Keys) -> None:
    inside = Inside()
    door = Door(inside, keys, gateway_key=GATEWAY, master_key=MASTER, names=[])
    asyncio.run(door({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert inside.scopes[0]["type"] == "lifespan"
    with pytest.raises(ValueError, match="speaks HTTP only, not websocket"):
        asyncio.run(door({"type": "websocket", "path": "/v1/realtime"}, None, None))  # type: ignore[arg-type]


@pytest.mark.parametrize(("gateway", "master"), [("", MASTER), (GATEWAY, "")])
def test_without_keys_there_is_no_door(keys: Keys, gateway: str, master: str) -> None:
    with pytest.raises(ValueError, match="it would let everybody in"):
        Door(Inside(), keys, gateway_key=gateway, master_key=master, names=[])


@pytest.mark.parametrize(
    ("status", "body", "theirs"),
    [
        (429, b'{"error": {"message": "used up", "type": "budget_exceeded", "code": "429"}}', True),
        (429, b'{"error": {"message": "slow down", "type": "throttling_error", "code": "429"}}', False),
        (429, b"no JSON", False),
        (429, b'{"error": "budget_exceeded"}', False),
        (500, b'{"error": {"type": "budget_exceeded"}}', False),
    ],
)
def test_a_refusal_says_whether_it_is_the_callers_affair(
    keys: Keys, status: int, body: bytes, theirs: bool
) -> None:
    """The gateway takes the relay's turn away for everybody where a provider has had enough, and not otherwise."""
    inside = Inside(status, [(b"x-relay-refused", b"a provider says so")], body)
    start = ask(inside, keys)[0]
    said = [value for name, value in start["headers"] if name == b"x-relay-refused"]
    assert said == ([b"true"] if theirs else [])
