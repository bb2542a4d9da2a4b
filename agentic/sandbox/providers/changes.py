"""Two values differ at exact property paths, in the engine's own path syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from agentic.sandbox.providers.data import is_list, is_map
from agentic.sandbox.providers.wire import UNKNOWN

Segments = tuple[str | int, ...]
_PLAIN_KEY = re.compile(r"^[A-Za-z_$][\w$]*$")
_MISSING = object()


class Kind(Enum):
    """What happened to one property."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


@dataclass(frozen=True)
class Change:
    """One changed property."""

    path: Segments
    kind: Kind

    @property
    def text(self) -> str:
        """The path as the engine prints it, `spec.ports[0].name` or `metadata.labels["a/b"]`."""
        parts: list[str] = []
        for segment in self.path:
            if isinstance(segment, int):
                parts.append(f"[{segment}]")
            elif _PLAIN_KEY.match(segment):
                parts.append(f".{segment}" if parts else segment)
            else:
                parts.append(f'["{segment}"]')
        return "".join(parts)

    def touches(self, pattern: str) -> bool:
        """Tell whether the change is at, under or around a dotted pattern; `*` is any one segment."""
        wanted = pattern.split(".")
        return all(want in ("*", str(have)) for want, have in zip(wanted, self.path, strict=False))


def changes(old: Any, new: Any, *, unordered: bool = False) -> list[Change]:
    """List what differs, in path order. With `unordered`, lists of scalars compare as sets, as AWS's do."""
    return list(_compare((), old, new, unordered))


def _compare(path: Segments, old: Any, new: Any, unordered: bool) -> Iterator[Change]:
    if old is _MISSING or new is _MISSING:
        yield Change(path, Kind.ADD if old is _MISSING else Kind.DELETE)
    elif is_map(old) and is_map(new):
        for key in sorted({*old, *new}):
            yield from _compare((*path, key), old.get(key, _MISSING), new.get(key, _MISSING), unordered)
    elif is_list(old) and is_list(new):
        if unordered and _same_set(old, new):
            return
        for index in range(max(len(old), len(new))):
            yield from _compare((*path, index), _at(old, index), _at(new, index), unordered)
    elif old is UNKNOWN or new is UNKNOWN or old != new or isinstance(old, bool) != isinstance(new, bool):
        yield Change(path, Kind.UPDATE)


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else _MISSING


def _same_set(old: list[Any], new: list[Any]) -> bool:
    if not all(isinstance(item, str | int | float) for item in (*old, *new)):
        return False
    return sorted(map(str, old)) == sorted(map(str, new))


def drop_nulls(value: Any) -> Any:
    """Remove explicit nulls: a program that passes `None` says nothing."""
    if is_map(value):
        return {key: drop_nulls(item) for key, item in value.items() if item is not None}
    if is_list(value):
        return [drop_nulls(item) for item in value]
    return value
