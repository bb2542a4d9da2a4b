"""A result names each refusal with the object and the server's words, for people and for programs."""

from __future__ import annotations

import json

from agentic.rehearsal import known_gaps
from agentic.rehearsal.result import Rehearsal, Rejection, Unjudged, as_json, as_text

RESULT = Rehearsal(
    stack="dev",
    kubernetes="1.35.4",
    definitions=6,
    accepted=("Namespace a", "Namespace b"),
    pods=3,
    rejected=(Rejection(what="Pod a/x", urn="urn:x", words="pods is forbidden:\nexceeded quota"),),
    without_schema={"example.com/v1 Thing": ("Thing a/one", "Thing a/two")},
    opaque=(Unjudged(what="Release relay", urn="urn:r", why="its objects are in its chart"),),
    warnings=("Pod a/x: deprecated",),
    notes=("a note",),
    seconds={"server": 2.0, "objects": 1.5},
)


def test_text_begins_with_numbers_and_ends_with_refusals() -> None:
    assert as_text(RESULT) == (
        "rehearsal of dev on Kubernetes 1.35.4: 3.5 s\n"
        "  accepted        2 objects, 3 pods\n"
        "  rejected        1\n"
        "  without schema  2: example.com/v1 Thing 2\n"
        "  opaque          1: Release relay\n"
        "  definitions     6 installed\n"
        "  note            a note\n"
        "  warning         Pod a/x: deprecated\n"
        "\n"
        "rejected: Pod a/x\n"
        "  urn:x\n"
        "  pods is forbidden:\n"
        "  exceeded quota\n"
    )


def test_json_has_every_list_and_the_verdict() -> None:
    document = json.loads(json.dumps(as_json(RESULT)))
    assert document["clean"] is False
    assert document["rejected"] == [
        {"what": "Pod a/x", "urn": "urn:x", "words": "pods is forbidden:\nexceeded quota"}
    ]
    assert document["without_schema"] == {"example.com/v1 Thing": ["Thing a/one", "Thing a/two"]}
    assert document["opaque"][0]["why"] == "its objects are in its chart"


def test_a_kind_without_schema_is_a_gap_unless_it_is_on_the_list() -> None:
    assert known_gaps.unknown(["example.com/v1 Thing", "example.com/v1 Thing", *known_gaps.KNOWN]) == [
        "example.com/v1 Thing"
    ]
