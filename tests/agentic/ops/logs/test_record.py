from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentic.ops.logs.record import Record, record
from agentic.ops.logs.text import as_json_line, as_line

Event = Callable[..., dict[str, Any]]


def test_a_record_is_what_the_exporter_writes(event: Event) -> None:
    assert record(event("it works")) == Record(
        event_id="e1",
        timestamp=1500,
        tenant="tenant-a",
        severity="INFO",
        body="it works",
        namespace="tenant-a",
        pod="support-7d9c-abcde",
        container="agent",
        workload="support",
    )


def test_a_body_that_is_no_text_is_shown_as_json(event: Event) -> None:
    found = record(event({"b": 1, "a": [True]}))
    assert found is not None
    assert found.body == '{"a": [true], "b": 1}'


@pytest.mark.parametrize("message", ["", "plain text", "[1]", "null", '"text"'])
def test_what_the_collector_did_not_write_is_no_record(event: Event, message: str) -> None:
    assert record({**event(), "message": message}) is None


def test_a_record_without_a_tenant_is_nobodys(event: Event) -> None:
    found = record(event(tenant=None, attributes=None, resource="odd"))
    assert found is not None
    assert (found.tenant, found.workload, found.pod) == ("", "", "")


def test_a_line_says_when_where_and_what(event: Event) -> None:
    found = record(event("it works\n"))
    assert found is not None
    assert as_line(found) == "1970-01-01T00:00:01.500Z  tenant-a/support-7d9c-abcde/agent  INFO  it works"


def test_a_line_cannot_steer_the_terminal(event: Event) -> None:
    found = record(event("\x1b]0;owned\x07\x1b[2Jgone\r\nnext\ttab"))
    assert found is not None
    assert as_line(found).endswith("\\x1b]0;owned\\x07\\x1b[2Jgone\\r\\nnext\ttab")


def test_json_is_one_object_a_line(event: Event) -> None:
    found = record(event("a\nb"))
    assert found is not None
    line = as_json_line(found)
    assert "\n" not in line
    assert json.loads(line) | {"body": "a\nb", "time": "1970-01-01T00:00:01.500000+00:00"} == json.loads(line)
