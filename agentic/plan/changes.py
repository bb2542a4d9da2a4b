"""Where two values differ, as property paths with the old and the new value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from agentic.plan.wire import SECRET_MARKER, Path, property_path


class Absent:
    """The value of a property that is not there; None is a value."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs: `policy#Statement[0].Effect` is inside a JSON document written as text.

    Secret values were never in the plan, so they are not here either.
    """

    path: str
    old: Any
    new: Any


def changes(old: Any, new: Any, at: Path = ()) -> Iterator[Change]:
    """Differences of two plain values, deepest paths, in path order."""
    if isinstance(old, dict) and isinstance(new, dict):
        left, right = cast("dict[str, Any]", old), cast("dict[str, Any]", new)
        for key in sorted({*left, *right}):
            yield from changes(left.get(key, ABSENT), right.get(key, ABSENT), (*at, key))
    elif isinstance(old, list) and isinstance(new, list):
        before, after = cast("list[Any]", old), cast("list[Any]", new)
        for index in range(max(len(before), len(after))):
            yield from changes(_item(before, index), _item(after, index), (*at, index))
    elif SECRET_MARKER in (old, new):
        # One plan says that it is a secret: whatever the other one shows must not be shown again.
        if old != new:
            yield Change(property_path(at), _hidden(old), _hidden(new))
    elif not _same(old, new):
        inner = list(_inside_json(old, new))
        at_text = property_path(at)
        yield from (
            [Change(f"{at_text}#{part.path}", part.old, part.new) for part in inner]
            or [Change(at_text, old, new)]
        )


def outside(found: Iterable[Change], ignored: Iterable[str]) -> list[Change]:
    """Changes that are not at or below a path the resource ignores."""
    paths = list(ignored)
    return [change for change in found if not any(at_or_below(change.path, path) for path in paths)]


def at_or_below(path: str, ancestor: str) -> bool:
    """True when a property path is `ancestor` or a part of it; `*` stands for everything."""
    return (
        ancestor == "*"
        or path == ancestor
        or path.startswith((f"{ancestor}.", f"{ancestor}[", f"{ancestor}#"))
    )


def _inside_json(old: Any, new: Any) -> Iterator[Change]:
    """Differences of two JSON documents written as text, such as IAM policies; else nothing."""
    if isinstance(old, str) and isinstance(new, str) and old[:1] in ("{", "[") and old[:1] == new[:1]:
        with suppress(ValueError, RecursionError):
            yield from changes(json.loads(old), json.loads(new))


def _same(old: Any, new: Any) -> bool:
    # True == 1 in Python, and not in YAML.
    return type(old) is type(new) and old == new


def _item(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else ABSENT


def _hidden(value: Any) -> Any:
    return ABSENT if value is ABSENT else SECRET_MARKER
