"""What a server adds to an object is no drift, and what somebody changed in it is."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from agentic.sandbox.providers.kubernetes.live import as_asked
from agentic.sandbox.providers.kubernetes.managers import MARK, PREFIX, manager_of, managers


def _object(**parts: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "x"}, **parts}


def test_what_the_server_added_is_left_out() -> None:
    asked = _object(spec={"containers": [{"name": "a"}]})
    live = _object(
        spec={"containers": [{"name": "a", "imagePullPolicy": "Always"}], "restartPolicy": "Always"},
        status={"phase": "Pending"},
    )
    live["metadata"] = {"name": "x", "uid": "1", "labels": {"kubernetes.io/metadata.name": "x"}}
    assert as_asked(live, asked) == asked


@pytest.mark.parametrize(
    ("asked", "live"),
    [
        ({"cpu": "1000m"}, {"cpu": "1"}),
        ({"cpu": "0.5"}, {"cpu": "500m"}),
        ({"memory": "1024Mi"}, {"memory": "1Gi"}),
        ({"count": 2.0}, {"count": 2}),
        ({"cpu": 2}, {"cpu": "2"}),
        ({"empty": {}, "none": [], "off": False, "zero": 0, "text": ""}, {}),
        ({"deep": {"off": False}}, {"deep": {}}),
    ],
)
def test_what_means_the_same_keeps_the_form_it_was_asked_for_in(asked: Any, live: Any) -> None:
    assert as_asked({"spec": live}, {"spec": asked}) == {"spec": asked}


@pytest.mark.parametrize(
    ("asked", "live", "seen"),
    [
        ({"cpu": "1"}, {"cpu": "2"}, {"cpu": "2"}),
        ({"cpu": "1", "gone": "x"}, {"cpu": "1"}, {"cpu": "1"}),
        ({"on": True}, {}, {}),
        ({"on": False}, {"on": True}, {"on": True}),
        ({"on": True}, {"on": 1}, {"on": 1}),
        ({"ports": [1]}, {"ports": [1, 2]}, {"ports": [1, 2]}),
        ({"ports": [1, 2]}, {"ports": [1]}, {"ports": [1]}),
        ({"part": {"a": 1}}, {"part": "text"}, {"part": "text"}),
    ],
)
def test_what_is_different_is_shown_as_it_is(asked: Any, live: Any, seen: Any) -> None:
    assert as_asked({"spec": live}, {"spec": asked}) == {"spec": seen}


@pytest.mark.parametrize("words", ["data", "labels", "annotations"])
def test_in_texts_two_ways_to_write_a_number_are_two_texts(words: str) -> None:
    assert as_asked({words: {"a": "1"}}, {words: {"a": "1000m"}}) == {words: {"a": "1"}}


def test_a_secret_given_as_text_is_compared_as_text() -> None:
    asked = _object(stringData={"same": "swordfish", "other": "x", "gone": "y"})
    data = {"same": base64.b64encode(b"swordfish").decode(), "other": base64.b64encode(b"z").decode()}
    assert as_asked(_object(data=data), asked)["stringData"] == {"same": "swordfish", "other": "z"}


def test_without_a_wish_all_is_shown_that_a_person_could_have_asked_for() -> None:
    live = _object(spec={"a": 1}, status={"b": 2})
    live["metadata"] = {
        "name": "x",
        "uid": "1",
        "resourceVersion": "7",
        "managedFields": [],
        "annotations": {MARK: "x"},
        "labels": {"a": "b"},
    }
    assert as_asked(live, None) == {
        "apiVersion": "v1",
        "kind": "Thing",
        "metadata": {"name": "x", "labels": {"a": "b"}},
        "spec": {"a": 1},
    }


def test_every_resource_has_a_field_manager_of_its_own() -> None:
    one, other = manager_of("urn:one"), manager_of("urn:other")
    assert one.startswith(PREFIX)
    assert one != other
    assert one == manager_of("urn:one")
    entries = [{"manager": other}, {"manager": "kubectl"}, {"manager": one}, {"manager": one}]
    assert managers({"metadata": {"managedFields": entries}}) == sorted({one, other})
    assert managers({}) == []
