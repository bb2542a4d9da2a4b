"""What a task is: JSON with an id and a message. What is none is said to be none, with a reason."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, cast

REPLIES = "agents:reply:"
"""How a list begins that a result is put into: no queue is there, and no key of an agent's own."""

LARGEST = 1024 * 1024

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REPLY_TO = re.compile(rf"{REPLIES}[A-Za-z0-9:._-]{{1,128}}")
_FIELDS = frozenset({"id", "message", "context_id", "reply_to"})


class MalformedError(Exception):
    """Why something in the queue is no task."""


@dataclass(frozen=True)
class Task:
    """One thing an agent is asked."""

    id: str
    parts: list[dict[str, Any]]
    """As A2A has them."""
    context_id: str | None = None
    reply_to: str | None = None


def read(raw: str) -> Task:
    """The task; MalformedError says what is wrong with it."""
    if len(raw) > LARGEST:
        raise MalformedError(f"is longer than {LARGEST} characters")
    try:
        found: object = json.loads(raw)
    except (ValueError, RecursionError):
        raise MalformedError("is not JSON") from None
    if not isinstance(found, dict):
        raise MalformedError("is not a JSON object")
    said = cast("dict[str, Any]", found)
    unknown = sorted(set(said) - _FIELDS)
    if unknown:
        raise MalformedError(f"has unknown fields: {', '.join(unknown)}")
    return Task(
        id=_matching(said, "id", _ID) or _missing("id"),
        parts=_parts(said.get("message")),
        context_id=_matching(said, "context_id", _ID),
        reply_to=_matching(said, "reply_to", _REPLY_TO),
    )


def _missing(name: str) -> str:
    raise MalformedError(f"has no {name}")


def _matching(said: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str | None:
    value: object = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise MalformedError(f"has a {name} that is not {pattern.pattern}")
    return value


def _parts(message: object) -> list[dict[str, Any]]:
    if isinstance(message, str) and message.strip():
        return [{"kind": "text", "text": message}]
    if isinstance(message, list) and message:
        parts = cast("list[object]", message)
        if all(isinstance(one, dict) and "kind" in one for one in parts):
            return cast("list[dict[str, Any]]", parts)
    raise MalformedError("has no message: a text, or a list of A2A's parts, each with its kind")
