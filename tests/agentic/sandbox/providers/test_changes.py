"""Proves (protocol): what differs between two values is named by the path the engine prints."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentic.sandbox.providers.changes import Change, Kind, changes, drop_nulls
from agentic.sandbox.providers.wire import UNKNOWN

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def _texts(old: Any, new: Any, *, unordered: bool = False) -> list[tuple[str, str]]:
    return [(change.text, change.kind.value) for change in changes(old, new, unordered=unordered)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a": 1}, {"a": 2}, [("a", "UPDATE")]),
        ({}, {"a": 1}, [("a", "ADD")]),
        ({"a": {"b": 1}}, {"a": {}}, [("a.b", "DELETE")]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}, {"b": 3}]}, [("a[0].b", "UPDATE"), ("a[1]", "ADD")]),
        ({"l": {"a/b": "1"}}, {"l": {"a/b": "2"}}, [('l["a/b"]', "UPDATE")]),
        ({"a/b": 1}, {}, [('["a/b"]', "DELETE")]),
        ({"a": "1"}, {"a": 1}, [("a", "UPDATE")]),
        ({"a": 1}, {"a": True}, [("a", "UPDATE")]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": {}}, {"a": []}, [("a", "UPDATE")]),
        ({"b": 1, "a": 1}, {"b": 2, "a": 2}, [("a", "UPDATE"), ("b", "UPDATE")]),
    ],
)
def test_a_difference_has_its_path_and_its_kind(old: Any, new: Any, found: list[tuple[str, str]]) -> None:
    assert _texts(old, new) == found


def test_an_unknown_value_may_differ_from_anything_even_from_itself() -> None:
    assert _texts({"a": UNKNOWN}, {"a": UNKNOWN}) == [("a", "UPDATE")]
    assert _texts({"a": {"b": 1}}, {"a": UNKNOWN}) == [("a", "UPDATE")]


def test_lists_of_scalars_compare_as_sets_only_where_that_is_asked_for() -> None:
    assert _texts({"a": ["x", "y"]}, {"a": ["y", "x"]}, unordered=True) == []
    assert _texts({"a": ["x", "y"]}, {"a": ["y", "x"]}) == [("a[0]", "UPDATE"), ("a[1]", "UPDATE")]
    assert _texts({"a": ["x", "x"]}, {"a": ["x", "y"]}, unordered=True) == [("a[1]", "UPDATE")]


@pytest.mark.parametrize(
    ("pattern", "touched"),
    [
        ("spec", True),
        ("spec.ports", True),
        ("spec.ports.0.name", True),
        ("spec.*.0", True),
        ("spec.ports.1", False),
        ("status", False),
    ],
)
def test_a_pattern_is_touched_at_under_and_around_a_change(pattern: str, touched: bool) -> None:
    assert Change(("spec", "ports", 0), Kind.UPDATE).touches(pattern) is touched


def test_explicit_nulls_say_nothing() -> None:
    assert drop_nulls({"a": None, "b": {"c": None, "d": [{"e": None}]}}) == {"b": {"d": [{}]}}


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert changes(value, value) == []


@settings(max_examples=100, deadline=None)
@given(VALUES, VALUES)
def test_turned_around_additions_are_deletions_at_the_same_paths(old: Any, new: Any) -> None:
    swapped = {Kind.ADD: Kind.DELETE, Kind.DELETE: Kind.ADD, Kind.UPDATE: Kind.UPDATE}
    assert [(c.path, swapped[c.kind]) for c in changes(old, new)] == [
        (c.path, c.kind) for c in changes(new, old)
    ]
