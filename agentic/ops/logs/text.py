"""A record as one line for a terminal, or as one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict

from agentic.ops.logs.record import Record

_KEPT = frozenset("\t")


def as_line(found: Record) -> str:
    """When, where, how bad, what; nothing in it can steer the terminal it is shown on."""
    moment = found.moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{found.timestamp % 1000:03d}Z"
    place = "/".join(part for part in (found.namespace, found.pod, found.container) if part)
    return "  ".join(_shown(part) for part in (moment, place, found.severity, found.body) if part)


def as_json_line(found: Record) -> str:
    """The record for a program."""
    return json.dumps({**asdict(found), "time": found.moment.isoformat()}, sort_keys=True)


def _shown(text: str) -> str:
    """Control characters as they are spelt: a tenant's log may hold escape sequences."""
    return "".join(
        character
        if character.isprintable() or character in _KEPT
        else character.encode("unicode_escape").decode("ascii")
        for character in text.rstrip("\n")
    )
