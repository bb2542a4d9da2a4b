"""Property values on the wire become plain Python and come back unchanged, secrets and unknowns included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from agentic.sandbox.providers.data import is_list, is_map, items_of

# The engine marks special objects by this key; the values name the kind (pulumi sdk `rpc.py`).
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark of a secret
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


class Unknown:
    """A value that only an update can know."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
# Shorter secrets are looked for as whole values only, the shortest not at all: "on" would hide half of everything.
_TELLING_LENGTH: Final = 8
_SHORTEST: Final = 4


@dataclass(frozen=True)
class Secret:
    """A value the engine encrypts at rest and hides in output."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True)
class Reference:
    """A reference to a registered resource: an output of a component that is itself a resource."""

    urn: str
    id: Any = None
    version: str = ""


def decode(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Turn a protobuf struct into a dict with `UNKNOWN`, `Secret` and `Reference` in place of markers."""
    return {key: _decode(value) for key, value in struct.fields.items()}


def _decode(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == rpc.UNKNOWN else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_object(value.struct_value)
    return None


def _decode_object(struct: struct_pb2.Struct) -> Any:
    plain = decode(struct)
    signature = plain.get(_SIGNATURE)
    if signature is None:
        return plain
    if signature == _SECRET:
        return Secret(plain.get("value"))
    if signature == _RESOURCE:
        return Reference(plain["urn"], plain.get("id"), plain.get("packageVersion", ""))
    if signature == _OUTPUT:
        inner = plain.get("value", UNKNOWN)
        return Secret(inner) if plain.get("secret") else inner
    raise ValueError(f"the engine sent a special value of kind {signature!r} that the sandbox does not know")


def encode(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Turn a dict back into a protobuf struct, keys in stable order."""
    struct = struct_pb2.Struct()
    for key in sorted(properties):
        _encode(properties[key], struct.fields[key])
    return struct


def _encode(value: Any, into: struct_pb2.Value) -> None:
    if value is None:
        into.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, Unknown):
        into.string_value = rpc.UNKNOWN
    elif isinstance(value, bool):
        into.bool_value = value
    elif isinstance(value, int | float):
        into.number_value = value
    elif isinstance(value, str):
        into.string_value = value
    elif isinstance(value, Secret):
        into.struct_value.CopyFrom(encode({_SIGNATURE: _SECRET, "value": value.value}))
    elif isinstance(value, Reference):
        marks = {_SIGNATURE: _RESOURCE, "urn": value.urn, "packageVersion": value.version}
        into.struct_value.CopyFrom(encode(marks if value.id is None else {**marks, "id": value.id}))
    elif is_map(value):
        into.struct_value.CopyFrom(encode(value))
    elif isinstance(value, list | tuple):
        into.list_value.SetInParent()
        for item in items_of(value):
            _encode(item, into.list_value.values.add())
    else:
        raise TypeError(f"a {type(value).__name__} cannot travel to the engine")


def _walk(value: Any, leaf: Callable[[Any], Any]) -> Any:
    if is_map(value):
        return {key: _walk(item, leaf) for key, item in value.items()}
    if is_list(value):
        return [_walk(item, leaf) for item in value]
    return leaf(value)


def reveal(value: Any) -> Any:
    """Strip secret marks: what goes to an API, never what goes back to the engine."""
    return _walk(value, lambda leaf: reveal(leaf.value) if isinstance(leaf, Secret) else leaf)


def has_unknown(value: Any) -> bool:
    """Tell whether any part of a value is unknown."""
    if is_map(value):
        return any(has_unknown(item) for item in value.values())
    if is_list(value):
        return any(has_unknown(item) for item in value)
    return has_unknown(value.value) if isinstance(value, Secret) else isinstance(value, Unknown)


def has_secret(value: Any) -> bool:
    """Tell whether any part of a value is secret."""
    if is_map(value):
        return any(has_secret(item) for item in value.values())
    if is_list(value):
        return any(has_secret(item) for item in value)
    return isinstance(value, Secret)


def conceal(value: Any, like: Any) -> Any:
    """Mark as secret what stands where `like` holds a secret, and every copy of one elsewhere.

    Copies come of what is derived from inputs, such as all tags from the tags. Where the two differ in shape, the
    whole part is marked: a secret may be hidden twice, never shown.
    """
    if not has_secret(like):
        return value
    secrets = frozenset(_texts(like, inside=False))
    return _walk(_in_place(value, like), lambda leaf: Secret(leaf) if _tells(leaf, secrets) else leaf)


def _in_place(value: Any, like: Any) -> Any:
    if isinstance(value, Secret) or not has_secret(like):
        return value
    if is_map(value) and is_map(like):
        return {key: _in_place(item, like.get(key)) for key, item in value.items()}
    if is_list(value) and is_list(like) and len(value) == len(like):
        return [_in_place(item, other) for item, other in zip(value, like, strict=True)]
    return Secret(value)


def _texts(like: Any, *, inside: bool) -> Iterator[str]:
    if isinstance(like, Secret):
        yield from _texts(like.value, inside=True)
    elif is_map(like):
        for item in like.values():
            yield from _texts(item, inside=inside)
    elif is_list(like):
        for item in like:
            yield from _texts(item, inside=inside)
    elif inside and isinstance(like, str) and len(like) >= _SHORTEST:
        yield like


def _tells(leaf: Any, secrets: frozenset[str]) -> bool:
    if not isinstance(leaf, str):
        return False
    return leaf in secrets or any(len(s) >= _TELLING_LENGTH and s in leaf for s in secrets)
