"""Proves (protocol): an AWS answer that means the same keeps the program's words; one that does not is drift."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentic.sandbox.providers.aws.likeness import overlay, overlay_map

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get"}]}'


@pytest.mark.parametrize(
    ("like", "observed"),
    [
        (3, "3"),
        ("3", 3),
        (True, "true"),
        ("ENABLED", "Enabled"),
        (["b", "a"], ["a", "b"]),
        ([{"from": 1, "to": 2}, {"from": 3}], [{"from": 3}, {"from": 1, "to": 2, "note": ""}]),
        ({"a": 1}, {"a": 1, "added": "by AWS"}),
        ({"a": 1, "hidden": 2}, {"a": 1}),
        ([{"a": 1}], {"a": 1}),
        (POLICY, json.dumps(json.loads(POLICY), sort_keys=True)),
        (POLICY, json.loads(POLICY)),
        ("anything", None),
    ],
)
def test_what_means_the_same_keeps_the_words_of_the_program(like: Any, observed: Any) -> None:
    assert overlay(like, observed) == like


@pytest.mark.parametrize(
    ("like", "observed", "seen"),
    [
        (3, "4", "4"),
        ("", "x", "x"),
        (["a"], ["a", "b"], ["a", "b"]),
        (["a", "a"], ["a", "b"], ["a", "b"]),
        ({"a": 1}, {"a": 2, "b": 3}, {"a": 2}),
        ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 9}], [{"a": 9}, {"a": 2}]),
        (POLICY, POLICY.replace("Allow", "Deny"), POLICY.replace("Allow", "Deny")),
        ('{"a": 1}', {"a": 2}, '{"a": 2}'),
        (None, "x", "x"),
    ],
)
def test_what_means_something_else_is_shown_as_it_is(like: Any, observed: Any, seen: Any) -> None:
    assert overlay(like, observed) == seen


def test_tags_show_what_is_missing_and_what_was_added_in_the_programs_order() -> None:
    found = overlay_map({"b": "1", "a": "2", "gone": "3"}, {"a": "2", "b": "9", "new": "4"})
    assert list(found.items()) == [("b", "9"), ("a", "2"), ("new", "4")]
