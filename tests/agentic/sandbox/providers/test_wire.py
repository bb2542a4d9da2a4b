"""Proves (protocol): values travel to the engine and back unchanged, and a secret is never shown."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.runtime import rpc

from agentic.sandbox.providers.wire import (
    UNKNOWN,
    Reference,
    Secret,
    conceal,
    decode,
    encode,
    has_secret,
    has_unknown,
    reveal,
)

TEXT = st.text(max_size=5)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: not n.is_integer())
    | TEXT
)
LEAVES = (
    PLAIN
    | st.just(UNKNOWN)
    | st.builds(Reference, TEXT, st.none() | TEXT | st.just(UNKNOWN), TEXT)
    | st.builds(Secret, PLAIN)
)


def _values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(TEXT, inner, max_size=3)
            | st.builds(Secret, st.lists(inner, max_size=2))
        ),
        max_leaves=8,
    )


BAGS = st.dictionaries(TEXT, _values(LEAVES), max_size=3)


@settings(max_examples=200, deadline=None)
@given(BAGS)
def test_secrets_unknowns_and_references_come_back_as_they_went(bag: dict[str, Any]) -> None:
    assert decode(encode(bag)) == bag


@settings(max_examples=100, deadline=None)
@given(BAGS)
def test_the_same_values_are_the_same_bytes(bag: dict[str, Any]) -> None:
    turned = dict(reversed(list(bag.items())))
    as_bytes = [encode(one).SerializeToString(deterministic=True) for one in (bag, turned)]
    assert as_bytes[0] == as_bytes[1]


@settings(max_examples=100, deadline=None)
@given(BAGS)
def test_what_goes_to_an_api_has_no_secret_marks(bag: dict[str, Any]) -> None:
    assert not has_secret(reveal(bag))
    assert has_unknown(reveal(bag)) == has_unknown(bag)


@settings(max_examples=200, deadline=None)
@given(BAGS)
def test_outputs_are_concealed_wherever_the_inputs_were_secret(bag: dict[str, Any]) -> None:
    concealed = conceal(reveal(bag), bag)
    assert reveal(concealed) == reveal(bag)
    assert _secrets(bag) <= _secrets(concealed)


def _secrets(value: Any, path: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    if isinstance(value, Secret):
        return {path}
    if isinstance(value, dict):
        return {found for key, item in value.items() for found in _secrets(item, (*path, key))}
    if isinstance(value, list):
        return {found for index, item in enumerate(value) for found in _secrets(item, (*path, index))}
    return set()


def test_where_the_shape_differs_the_whole_part_is_concealed() -> None:
    assert conceal({"a": ["x", "y"]}, {"a": [Secret("x")]}) == {"a": Secret(["x", "y"])}
    assert conceal({"a": "x"}, {"a": {"b": Secret("x")}}) == {"a": Secret("x")}


def test_a_copy_of_a_secret_is_concealed_wherever_it_stands() -> None:
    said = {"tags": {"key": Secret("hunter22")}}
    derived = {"tagsAll": {"key": "hunter22", "team": "a"}, "text": "login=hunter22;", "ports": [80]}
    assert conceal(derived, said) == {
        "tagsAll": {"key": Secret("hunter22"), "team": "a"},
        "text": Secret("login=hunter22;"),
        "ports": [80],
    }


def test_a_short_secret_hides_whole_values_and_the_shortest_none() -> None:
    said = {"a": Secret("abcd"), "b": Secret("on")}
    assert conceal({"x": "abcd", "y": "abcdefgh", "z": "on"}, said) == {
        "x": Secret("abcd"),
        "y": "abcdefgh",
        "z": "on",
    }


def test_a_secret_is_not_printed() -> None:
    assert "swordfish" not in repr({"a": Secret("swordfish")})


def test_an_output_value_is_read_as_what_it_holds() -> None:
    signature = "4dabf18193072939515e22adb298388d"
    output = {signature: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
    sent = struct_pb2.Struct()
    sent.update({"known": {**output, "value": "x"}, "unknown": output})
    sent.update({"secret": {**output, "value": "x", "secret": True}})
    assert decode(sent) == {"known": "x", "unknown": UNKNOWN, "secret": Secret("x")}


def test_an_unknown_is_the_engines_own_mark() -> None:
    assert encode({"a": UNKNOWN}).fields["a"].string_value == rpc.UNKNOWN


def test_a_special_value_of_another_kind_is_refused() -> None:
    sent = struct_pb2.Struct()
    sent.update({"a": {"4dabf18193072939515e22adb298388d": "asset"}})
    with pytest.raises(
        ValueError, match=r"^the engine sent a special value of kind 'asset' that the sandbox"
    ):
        decode(sent)


def test_what_cannot_travel_is_refused_by_its_type() -> None:
    with pytest.raises(TypeError, match=r"^a object cannot travel to the engine$"):
        encode({"a": object()})
