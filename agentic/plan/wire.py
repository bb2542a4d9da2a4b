"""Protobuf structs of the resource protocol, read into plain values in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias, cast

from google.protobuf import struct_pb2

from agentic.plan.references import OPENING, references_in

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a protocol constant
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

SECRET_MARKER = "[secret]"  # noqa: S105 - what the plan shows where a secret is
RESOURCE_KEY = "@resource"

Path: TypeAlias = "tuple[str | int, ...]"

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


def property_path(path: Iterable[str | int]) -> str:
    """The engine's spelling of a property path: `spec.containers[0].labels["a.b/c"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += '["' + part.replace("\\", "\\\\").replace('"', '\\"') + '"]'
    return text


class Reading:
    """Plain values of one struct, with where its secrets, references and faults are.

    A secret's value is not kept: `SECRET_MARKER` stands in its place from here on.
    """

    __slots__ = ("_path", "mangled", "resources", "secrets", "unknowns", "untyped", "values")

    def __init__(self, struct: struct_pb2.Struct) -> None:
        self.secrets: list[Path] = []
        self.unknowns: dict[Path, list[str]] = {}
        self.untyped: list[Path] = []
        self.mangled: dict[Path, str] = {}
        self.resources: dict[Path, str] = {}
        self._path: list[str | int] = []
        self.values: dict[str, Any] = self._mapping(struct.fields)

    def hide(self, key: str) -> None:
        """Treat every leaf of a top-level value as a secret: the resource says that it holds secrets."""
        if key not in self.values:
            return
        self.secrets = [path for path in self.secrets if path[0] != key]
        self.unknowns = {path: found for path, found in self.unknowns.items() if path[0] != key}
        self.values[key] = self._hidden((key,), self.values[key])

    def _hidden(self, path: Path, value: Any) -> Any:
        if isinstance(value, dict):
            mapping = cast("dict[str, Any]", value)
            return {key: self._hidden((*path, key), item) for key, item in mapping.items()}
        if isinstance(value, list):
            items = cast("list[Any]", value)
            return [self._hidden((*path, index), item) for index, item in enumerate(items)]
        self.secrets.append(path)
        return SECRET_MARKER

    def _mapping(self, fields: Any) -> dict[str, Any]:
        path = self._path
        read = self._value
        result: dict[str, Any] = {}
        for key in sorted(fields):
            path.append(key)
            result[key] = read(fields[key])
            path.pop()
        return result

    def _value(self, value: struct_pb2.Value) -> Any:
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            text = value.string_value
            if OPENING in text or text == UNKNOWN:
                self._note(text)
            return text
        if kind == "struct_value":
            fields = value.struct_value.fields
            return self._special(fields) if SIGNATURE in fields else self._mapping(fields)
        if kind == "list_value":
            path = self._path
            items: list[Any] = []
            for index, item in enumerate(value.list_value.values):
                path.append(index)
                items.append(self._value(item))
                path.pop()
            return items
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        return value.bool_value if kind == "bool_value" else None

    def _note(self, text: str) -> None:
        path = tuple(self._path)
        if text == UNKNOWN:
            self.untyped.append(path)
            return
        try:
            self.unknowns[path] = references_in(text)
        except ValueError:
            self.mangled[path] = text

    def _special(self, fields: Any) -> Any:
        signature = fields[SIGNATURE].string_value
        if signature == SECRET:
            return self._secret(fields)
        if signature == RESOURCE:
            urn = fields["urn"].string_value
            self.resources[tuple(self._path)] = urn
            return {RESOURCE_KEY: urn}
        return self._mapping({key: fields[key] for key in fields if key != SIGNATURE})

    def _secret(self, fields: Any) -> str:
        path = tuple(self._path)
        self.secrets.append(path)
        known = dict(self.unknowns)
        self._value(fields["value"])  # only to find faults: an untyped unknown hides in a secret too
        self.secrets = [kept for kept in self.secrets if kept[: len(path)] != path or kept == path]
        self.unknowns = known
        return SECRET_MARKER


def mark_secret(fields: Any, key: str) -> None:
    """Wrap a top-level value in the protocol's secret envelope, unless it is in one."""
    if key not in fields:
        return
    value = fields[key]
    if SIGNATURE in value.struct_value.fields:
        return
    inner = struct_pb2.Value()
    inner.CopyFrom(value)
    value.struct_value.Clear()
    value.struct_value.fields[SIGNATURE].string_value = SECRET
    value.struct_value.fields["value"].CopyFrom(inner)
