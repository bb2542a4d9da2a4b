"""What AWS answers is compared with what a program said by meaning, so that only real drift shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.data import is_list, is_map


def overlay(like: Any, observed: Any) -> Any:
    """Give `like` where `observed` means the same, else `observed`. What AWS does not show counts as unchanged."""
    if observed is None or like is None:
        return like if observed is None else observed
    if is_map(like) and is_map(observed):
        return {key: overlay(item, observed.get(key)) for key, item in like.items()}
    if is_list(like) and is_list(observed):
        return _overlay_list(like, observed)
    if is_list(like) and len(like) == 1 and is_map(observed):
        return [overlay(like[0], observed)]
    return like if _same_scalar(like, observed) else _as_text(like, observed)


def overlay_map(like: Mapping[str, str], observed: Mapping[str, str]) -> dict[str, str]:
    """Give `observed` in the key order of `like`: for tags, where a missing key is drift."""
    return {**{key: observed[key] for key in like if key in observed}, **observed}


def _overlay_list(like: list[Any], observed: list[Any]) -> list[Any]:
    if len(like) != len(observed):
        return observed
    rest = list(observed)
    pairs: list[Any] = []
    for item in like:
        match = next((other for other in rest if overlay(item, other) == item), None)
        if match is not None:
            rest.remove(match)
        pairs.append(item if match is not None else None)
    return [rest.pop(0) if item is None else item for item in pairs]


def _same_scalar(like: Any, observed: Any) -> bool:
    if like == observed or str(like).lower() == str(observed).lower():
        return True
    return isinstance(like, str) and like[:1] in ("{", "[") and _parsed(like) == _parsed(observed)


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _as_text(like: Any, observed: Any) -> Any:
    """A document that boto3 has parsed goes back to text, where text is what a program writes."""
    return (
        json.dumps(observed, sort_keys=True)
        if isinstance(like, str) and isinstance(observed, Mapping | list)
        else observed
    )
