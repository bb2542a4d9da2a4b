"""An agent, asked over A2A (`message/send`, protocol 0.3): an answer, a refusal, or a reason to ask again."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Literal, cast

from .tasks import Task

LARGEST_ANSWER = 8 * 1024 * 1024
USER = "agent-queue"
"""Under whom the agent keeps what it is asked here."""

_PASSING = frozenset({408, 425, 429})
_REFUSED = frozenset({-32700, -32600, -32601, -32602, -32004, -32005, -32006})
"""Errors of JSON-RPC and A2A that the same request would meet again."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of asking once."""

    status: Literal["done", "needs_input", "refused", "again"]
    text: str = ""
    context_id: str | None = None
    reason: str = ""


def ask(url: str, task: Task, timeout: int) -> Outcome:
    """One attempt, over within `timeout` seconds."""
    message: Json = {"kind": "message", "role": "user", "messageId": task.id, "parts": task.parts}
    if task.context_id:
        message["contextId"] = task.context_id
    params = {"message": message, "configuration": {"blocking": True, "historyLength": 1}}
    call = urllib.request.Request(  # noqa: S310 - the agent's own Service
        url,
        data=json.dumps(
            {"jsonrpc": "2.0", "id": task.id, "method": "message/send", "params": params}
        ).encode(),
        headers={"Content-Type": "application/json", "X-User-Id": USER},
    )
    until = time.monotonic() + timeout
    try:
        with urllib.request.urlopen(call, timeout=timeout) as response:  # noqa: S310 - the same
            return read(_all(response, until))
    except urllib.error.HTTPError as error:
        passing = error.code in _PASSING or error.code >= 500
        return Outcome("again" if passing else "refused", reason=f"the agent answered {error.code}")
    except TimeoutError:
        return Outcome("again", reason=f"no answer within {timeout} seconds")
    except (OSError, http.client.HTTPException) as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            return Outcome("again", reason=f"no answer within {timeout} seconds")
        return Outcome("again", reason=f"no answer: {type(error).__name__}")


def _all(response: http.client.HTTPResponse, until: float) -> bytes:
    """The body; TimeoutError where it trickles: a socket's timeout is about silence alone."""
    body = bytearray()
    while chunk := response.read1(65536):
        body += chunk
        if time.monotonic() > until:
            raise TimeoutError
        if len(body) > LARGEST_ANSWER:
            break
    return bytes(body)


def read(body: bytes) -> Outcome:
    """What a response means."""
    if len(body) > LARGEST_ANSWER:
        return Outcome("refused", reason=f"the answer is longer than {LARGEST_ANSWER} bytes")
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    said = cast("Json", found) if isinstance(found, dict) else {}
    error, result = said.get("error"), said.get("result")
    if isinstance(error, dict):
        told = cast("Json", error)
        status = "refused" if told.get("code") in _REFUSED else "again"
        return Outcome(status, reason=f"{told.get('code')}: {str(told.get('message'))[:1000]}")
    if not isinstance(result, dict):
        return Outcome("again", reason="the answer is not JSON-RPC")
    return _result(cast("Json", result))


def _result(result: Json) -> Outcome:
    context = result.get("contextId")
    if result.get("kind") == "message":
        return Outcome("done", text=_text(result.get("parts")), context_id=context)
    status: Json = result.get("status") or {}
    message: Json = status.get("message") or {}
    said = _text(message.get("parts"))
    answer = "\n".join(text for one in result.get("artifacts") or () if (text := _text(one.get("parts"))))
    match status.get("state"):
        case "completed":
            return Outcome("done", text=answer or said, context_id=context)
        case "input-required" | "auth-required":
            # Nobody is here to answer: whoever gave the task can go on in the same context.
            return Outcome("needs_input", text=said or answer, context_id=context)
        case "rejected":
            return Outcome("refused", reason=f"the agent rejects it: {said[:1000]}", context_id=context)
        case state:
            return Outcome("again", reason=f"the agent's task is {state}: {said[:1000]}", context_id=context)


def _text(parts: Any) -> str:
    return "\n".join(
        str(one.get("text")) if one.get("kind") == "text" else json.dumps(one.get("data"), ensure_ascii=False)
        for one in parts or ()
        if one.get("kind") in ("text", "data")
    )
