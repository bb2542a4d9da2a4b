"""The relay's door, before LiteLLM: who may come in, as whom, and what no answer may carry out.

The gateway comes with a key of its own and says which tenant it has verified; LiteLLM sees that tenant's virtual
key, which nobody else ever holds. Answers pass chunk by chunk, never collected: a stream stays a stream.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any, cast

from . import batch
from .rules import (
    CACHE_OPT_OUT,
    REFUSED_HEADER,
    SUBJECT_HEADER,
    is_callers_affair,
    redacted,
    without_private,
    without_secrets,
)
from .selection import AUTO, HEADERS

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

TENANT_HEADER = b"x-tenant"
KEY_PREFIX = "sk-"
"""Without it LiteLLM takes no virtual key."""

PATHS = frozenset({"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models", batch.PATH})
"""What the gateway's callers may ask for; managing is for whoever holds the master key."""

OPEN = frozenset({"/health/liveliness", "/health/readiness", "/metrics", "/metrics/"})
"""Without a key: probes and Prometheus, whom policies let in and the gateway's routes do not reach."""

TOLD = frozenset({b"x-litellm-call-id", b"x-litellm-response-cost", b"x-litellm-attempted-fallbacks"})
"""Of LiteLLM's headers those that callers are told; others name addresses and keys of the inside."""

CARRIED = frozenset({*HEADERS, CACHE_OPT_OUT, SUBJECT_HEADER})
"""What a request that waits keeps of its headers."""

_NAMES_A_MODEL = PATHS - {"/v1/models"}
_ERROR = re.compile(rb'"error"\s*:')
"""In an event of a stream; within what a model says a quotation mark is escaped."""

_TENANT = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class Keys:
    """Virtual keys by tenant, read from a mounted Secret each time: a tenant that comes needs no restart."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def of(self, tenant: str) -> str | None:
        """The tenant's key; None where it has none."""
        if not _TENANT.fullmatch(tenant):
            return None
        try:
            value = (self._directory / tenant).read_text().strip()
        except OSError:
            return None
        return f"{KEY_PREFIX}{value}" if value else None


class Door:
    """An ASGI application around LiteLLM's."""

    def __init__(
        self,
        app: App,
        keys: Keys,
        *,
        gateway_key: str,
        master_key: str,
        names: Iterable[str],
        secrets: Iterable[str] = (),
        largest_body: int = 16 * 1024 * 1024,
        waiting: batch.Store | None = None,
        longest_queue: int = 0,
    ) -> None:
        if not gateway_key or not master_key:
            raise ValueError("the relay has no gateway key or no master key; it would let everybody in")
        self._app, self._keys = app, keys
        self._gateway, self._master = gateway_key.encode(), master_key.encode()
        told = {*secrets, gateway_key, master_key}
        self._secrets = tuple(one.encode() for one in sorted(told, key=len, reverse=True) if one)
        self._names = frozenset({*names, AUTO})
        self._largest = largest_body
        self._waiting, self._longest = waiting, longest_queue

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] in OPEN):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            raise ValueError(f"the relay speaks HTTP only, not {scope['type']}")

    async def _http(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = [(bytes(name).lower(), bytes(value)) for name, value in scope["headers"]]
        presented = _bearer(headers)
        if hmac.compare_digest(presented, self._master):
            await self._app(scope, receive, self._careful(send))
            return
        if not hmac.compare_digest(presented, self._gateway):
            await _refuse(send, 401, "unknown key; the relay is asked through the gateway", "invalid_api_key")
            return
        tenants = [value.decode("latin-1") for name, value in headers if name == TENANT_HEADER]
        key = self._keys.of(tenants[0]) if len(tenants) == 1 else None
        if key is None:
            await _refuse(send, 403, "this tenant has no key at the relay", "tenant_unknown")
            return
        if scope["path"].startswith(f"{batch.PATH}/") and self._waiting is not None:
            await self._show(self._waiting, tenants[0], scope["path"].removeprefix(f"{batch.PATH}/"), send)
            return
        if scope["path"] not in PATHS:
            await _refuse(send, 404, f"no such path: {scope['path']}", "not_found")
            return
        kept = [(name, value) for name, value in headers if not _is_ours(name)]
        if scope["path"] in _NAMES_A_MODEL:
            body = await _body(receive, self._largest)
            if body is None:
                await _refuse(send, 413, f"the body has more than {self._largest} bytes", "request_too_large")
                return
            said = _request(body)
            if isinstance(said, str):
                await _refuse(send, 400, said, "invalid_request_error")
                return
            if said["model"] not in self._names:
                # LiteLLM would refuse it too, and make a series of the name, whatever somebody wrote.
                unknown = f"no model {said['model'][:64]!r} here; GET /v1/models lists them"
                await _refuse(send, 400, unknown, "model_not_found")
                return
            if scope["path"] == batch.PATH:
                carried = {
                    name.decode("latin-1"): value.decode("latin-1")
                    for name, value in kept
                    if name.decode("latin-1") in CARRIED
                }
                await self._put_aside(tenants[0], without_private(said), carried, send)
                return
            body = json.dumps(without_private(said)).encode()
            kept.append((b"content-length", str(len(body)).encode()))
            receive = _again(body, receive)
        inside = {**scope, "headers": [*kept, (b"authorization", f"Bearer {key}".encode())]}
        await self._app(inside, receive, self._careful(send))

    async def _put_aside(
        self, tenant: str, request: dict[str, Any], carried: dict[str, str], send: Send
    ) -> None:
        if self._waiting is None:
            await _refuse(send, 400, "no request waits here; send it to /v1/chat/completions", "batch_off")
        elif request.get("stream"):
            await _refuse(send, 400, "a stream cannot wait; leave stream out", "batch_stream")
        else:
            name = await batch.put(self._waiting, tenant, request, self._longest, carried)
            if name is None:
                waiting = f"{self._longest} requests wait already, which is the most of one tenant"
                await _refuse(send, 429, waiting, "batch_full")
            else:
                await _say(send, 202, {"id": name, "status": "waiting", "url": f"{batch.PATH}/{name}"})

    async def _show(self, waiting: batch.Store, tenant: str, name: str, send: Send) -> None:
        found = await batch.answer(waiting, tenant, name)
        if found is None:
            await _refuse(
                send, 404, "no request of that id, or it was longer ago than seven days", "not_found"
            )
        else:
            await _say(send, 200, found)

    def _careful(self, send: Send) -> Send:
        """Errors, within a stream too, without anything like a key; no stream with a key of ours.

        What a model says is its own affair: a sentence about bearer tokens is no leak.
        """
        judged = False
        held: Message | None = None
        collected = b""

        async def sending(message: Message) -> None:
            nonlocal judged, held, collected
            if message["type"] == "http.response.start":
                streams = any(
                    bytes(name).lower() == b"content-type" and bytes(value).startswith(b"text/event-stream")
                    for name, value in message["headers"]
                )
                shown = [(n, v) for n, v in message["headers"] if _is_for_callers(bytes(n).lower())]
                message = {**message, "headers": shown}
                judged = streams or message["status"] >= 400
                if message["status"] >= 400:
                    held = message
                    return
                await send(message)
            elif message["type"] == "http.response.body" and held is not None:
                # An error is short and of one piece: collected, so that no key is cut in two.
                collected += message.get("body", b"")
                if not message.get("more_body", False):
                    clean = redacted(collected, self._secrets)
                    kept = [(n, v) for n, v in held["headers"] if bytes(n).lower() != b"content-length"]
                    length = (b"content-length", str(len(clean)).encode())
                    whose = _refused(is_callers_affair(held["status"], collected))
                    await send({**held, "headers": [*kept, length, *whose]})
                    await send({**message, "body": clean})
            elif message["type"] == "http.response.body" and judged:
                await send({**message, "body": self._piece(message.get("body", b""))})
            else:
                await send(message)

        return sending

    def _piece(self, body: bytes) -> bytes:
        lines = body.split(b"\n")
        return b"\n".join(
            redacted(line, self._secrets) if _ERROR.search(line) else without_secrets(line, self._secrets)
            for line in lines
        )


def _bearer(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    for name, value in headers:
        if name == b"authorization":
            scheme, _, key = value.partition(b" ")
            return key.strip() if scheme.lower() == b"bearer" else b""
    return b""


async def _body(receive: Receive, largest: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read, once more; then what comes after it: that the client went away."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _is_ours(name: bytes) -> bool:
    """Headers that only the relay sets: its keys, and those by which LiteLLM is told how to work."""
    return name in {b"authorization", b"content-length", b"transfer-encoding"} or name.startswith(
        b"x-litellm-"
    )


def _refused(refused: bool) -> list[tuple[bytes, bytes]]:
    return [(REFUSED_HEADER.encode(), b"true")] if refused else []


def _is_for_callers(name: bytes) -> bool:
    # Only the door says whom it refuses: no provider's answer carries that past the gateway.
    if name == REFUSED_HEADER.encode():
        return False
    return name in TOLD or not name.startswith((b"x-litellm-", b"llm_provider-"))


def _request(body: bytes) -> dict[str, Any] | str:
    """The request, or what is wrong with it."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "the body is not JSON"
    if not isinstance(said, dict):
        return "the body is not a JSON object"
    request = cast("dict[str, Any]", said)
    if not isinstance(request.get("model"), str) or not request["model"]:
        return "model is missing; name a model, a tier, or auto"
    return request


async def _refuse(send: Send, status: int, message: str, code: str) -> None:
    kind = "authentication_error" if status in {401, 403} else "invalid_request_error"
    await _say(send, status, {"error": {"message": message, "type": kind, "param": None, "code": code}})


async def _say(send: Send, status: int, said: dict[str, Any]) -> None:
    body = json.dumps(said).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *_refused(status == 429),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
