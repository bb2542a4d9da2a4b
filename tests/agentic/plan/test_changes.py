from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic.plan.changes import ABSENT, Change, at_or_below, changes, outside

KEYS = st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=3)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(0, 3)
    | st.sampled_from(["", "x", "[secret]", '{"a":1}', '{"a":2}']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def found(old: Any, new: Any) -> list[tuple[str, Any, Any]]:
    return [(change.path, change.old, change.new) for change in changes(old, new)]


@given(VALUES)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert found(value, value) == []


@given(VALUES, VALUES)
def test_the_way_back_undoes_every_change(old: Any, new: Any) -> None:
    there, back = list(changes(old, new)), list(changes(new, old))
    assert [Change(change.path, change.new, change.old) for change in there] == back


@given(VALUES, VALUES)
def test_two_values_that_differ_have_a_change(old: Any, new: Any) -> None:
    # As JSON: in Python 1 == True, in YAML they are two things.
    assert bool(found(old, new)) == (json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True))


@given(VALUES)
def test_a_secret_never_shows_what_stood_there(value: Any) -> None:
    shown = [part for change in changes({"a": value}, {"a": "[secret]"}) for part in (change.old, change.new)]
    assert set(map(str, shown)) <= {"[secret]"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 1, 2)]),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, [("a[1]", 2, 3), ("a[2]", ABSENT, 4)]),
        ({"a": 1}, {}, [("a", 1, ABSENT)]),
        ({}, {"x.y": None}, [('["x.y"]', ABSENT, None)]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": "1"}, {"a": 1}, [("a", "1", 1)]),
        ({"p": '{"S":[{"E":"Allow"}]}'}, {"p": '{"S":[{"E":"Deny"}]}'}, [("p#S[0].E", "Allow", "Deny")]),
        ({"p": '{"a":1}'}, {"p": '{"a": 1}'}, [("p", '{"a":1}', '{"a": 1}')]),
        ({"p": '{"a":1}'}, {"p": "{a"}, [("p", '{"a":1}', "{a")]),
        ({"p": '{"a":1}'}, {"p": "[1]"}, [("p", '{"a":1}', "[1]")]),
    ],
)
def test_changes_are_told_at_the_deepest_path(
    old: Any, new: Any, expected: list[tuple[str, Any, Any]]
) -> None:
    assert found(old, new) == expected


def test_ignored_paths_cover_what_is_below_them() -> None:
    told = [
        Change(path, 1, 2) for path in ("tags", "tags.a", "tagsAll", 'tags["x.y"]', "list[0].a", "p#S[0]")
    ]
    assert [change.path for change in outside(told, ["tags", "list", "p"])] == ["tagsAll"]
    assert outside(told, ["*"]) == []
    assert outside(told, []) == told


@pytest.mark.parametrize(
    ("path", "ancestor", "is_below"),
    [("a.b", "a", True), ("a", "a.b", False), ("ab", "a", False), ("a[0]", "a", True), ("a", "*", True)],
)
def test_a_path_is_below_its_ancestor(path: str, ancestor: str, is_below: bool) -> None:
    assert at_or_below(path, ancestor) is is_below
