"""What a server made of an object, said in the words of whoever asked for it.

A server adds defaults, writes quantities its own way and drops what is empty. None of that is drift: of a live
object only what was asked for counts, and where it means the same it keeps the form it was asked for in.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.data import is_list, is_map, map_of
from agentic.sandbox.providers.kubernetes.managers import MARK
from components.core.quantities import parse

_SERVERS_OWN = (
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
)
_MISSING = object()
_WORDS = frozenset({"annotations", "data", "labels", "stringData"})
"""Here `1000m` and `1` are different words, not one quantity."""


def as_asked(live: Mapping[str, Any], asked: Mapping[str, Any] | None) -> dict[str, Any]:
    """The live object in the form of `asked`; without one, all that a person could have asked for."""
    if asked is None:
        return _stripped(live)
    written: Any = _view(live, asked, words=False)
    if "stringData" in asked:
        written["stringData"] = _decoded(map_of(live.get("data")), asked["stringData"])
    return written


def _stripped(live: Mapping[str, Any]) -> dict[str, Any]:
    metadata = map_of(live.get("metadata"))
    kept = {key: value for key, value in metadata.items() if key not in _SERVERS_OWN}
    annotations = {key: text for key, text in map_of(kept.pop("annotations", None)).items() if key != MARK}
    if annotations:
        kept["annotations"] = annotations
    return {**{key: value for key, value in live.items() if key != "status"}, "metadata": kept}


def _view(live: Any, asked: Any, *, words: bool) -> Any:
    if is_map(live) and is_map(asked):
        parts = {
            key: _view(live.get(key, _MISSING), part, words=words or key in _WORDS)
            for key, part in asked.items()
        }
        return {key: part for key, part in parts.items() if part is not _MISSING}
    if is_list(live) and is_list(asked):
        same = zip(live, asked, strict=False)
        return [*(_view(*pair, words=words) for pair in same), *live[len(asked) :]]
    if live is _MISSING:
        # A server leaves out what is empty, so that its absence says the same.
        return _MISSING if asked else asked
    return asked if _same(live, asked, words=words) else live


def _same(live: Any, asked: Any, *, words: bool) -> bool:
    if type(live) is type(asked) and live == asked:
        return True
    if isinstance(live, bool) or isinstance(asked, bool) or words:
        return False
    if isinstance(live, int | float) and isinstance(asked, int | float):
        return live == asked
    try:
        return parse(str(live)) == parse(str(asked))
    except ValueError:
        return False


def _decoded(data: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, str]:
    """A server keeps `stringData` as `data` and shows nothing of it."""
    found: dict[str, str] = {}
    for key in asked:
        try:
            found[key] = base64.b64decode(str(data[key])).decode()
        except (KeyError, binascii.Error, UnicodeDecodeError):
            continue
    return found
