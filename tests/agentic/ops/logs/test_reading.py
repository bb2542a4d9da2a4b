"""Reading against botocore's stubs for what AWS may answer, and against moto in process.

moto 5.2.5 evaluates no JSON filter pattern: it sends the records of every tenant. What these tests show with it
is that nothing but the chosen tenant's comes through all the same; that CloudWatch itself filters is not shown.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from agentic.errors import OperatorError
from agentic.ops.logs.reading import OVERLAP, POLL_SECONDS, Group, follow
from agentic.ops.logs.selection import Selection

NAME = "/agentic/ai-dev/pods"
MINE = Selection(tenant="tenant-a")
Event = Callable[..., dict[str, Any]]
Message = Callable[..., str]


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def client() -> Any:
    return boto3.client("logs", region_name="eu-west-1")


def test_every_page_is_read_empty_ones_too(event: Event) -> None:
    logs = client()
    asked = {
        "logGroupName": NAME,
        "filterPattern": '{ $.attributes.tenant = "tenant-a" }',
        "startTime": 1000,
        "endTime": 2000,
    }
    with Stubber(logs) as stub:
        stub.add_response("filter_log_events", {"events": [event("one")], "nextToken": "t1"}, asked)
        stub.add_response(
            "filter_log_events", {"events": [], "nextToken": "t2"}, {**asked, "nextToken": "t1"}
        )
        stub.add_response(
            "filter_log_events", {"events": [event("two", event_id="e2")]}, {**asked, "nextToken": "t2"}
        )
        found = list(Group(client=logs, name=NAME).read(MINE, 1000, 2000))
        stub.assert_no_pending_responses()
    assert [one.body for one in found] == ["one", "two"]


def test_a_group_that_is_not_there_says_what_to_do() -> None:
    with mock_aws(), pytest.raises(OperatorError) as refused:
        list(Group(client=client(), name=NAME).read(MINE, 0, 1))
    assert "there is no log group /agentic/ai-dev/pods" in str(refused.value)
    assert "agentic status" in str(refused.value)


@pytest.fixture
def moto_group(message: Message) -> Iterator[Callable[..., Group]]:
    with mock_aws():
        logs = client()
        logs.create_log_group(logGroupName=NAME)
        logs.create_log_stream(logGroupName=NAME, logStreamName="otel-collector-0")

        def write(*messages: tuple[datetime, str]) -> Group:
            events = [{"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in messages]
            logs.put_log_events(logGroupName=NAME, logStreamName="otel-collector-0", logEvents=events)
            return Group(client=logs, name=NAME)

        yield write


def test_only_the_chosen_tenants_records_come_through(
    moto_group: Callable[..., Group], message: Message
) -> None:
    now = datetime.now(UTC)
    group = moto_group(
        (now - timedelta(hours=2), message("mine, but long ago")),
        (now - timedelta(seconds=9), message("mine")),
        (now - timedelta(seconds=8), message("theirs", tenant="tenant-b")),
        (now - timedelta(seconds=7), message("a tenant-a in the text", tenant="tenant-b")),
        (now - timedelta(seconds=6), "tenant-a, in plain text"),
    )
    start, end = (int(moment.timestamp() * 1000) for moment in (now - timedelta(hours=1), now))
    assert [one.body for one in group.read(MINE, start, end)] == ["mine"]


def test_following_shows_each_record_once_and_late_ones_too(event: Event) -> None:
    start = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def at(seconds: float, name: str) -> dict[str, Any]:
        moment = start + timedelta(seconds=seconds)
        return event(name, at=int(moment.timestamp() * 1000), event_id=name)

    answers = [[at(1, "a")], [at(1, "a"), at(0.5, "late"), at(20, "b")], [at(20, "b")]]
    windows: list[tuple[int, int]] = []

    class Recorded:
        def get_paginator(self, _method: str) -> Recorded:
            return self

        def paginate(self, **asked: Any) -> list[dict[str, Any]]:
            windows.append((asked["startTime"], asked["endTime"]))
            return [{"events": answers[len(windows) - 1]}]

    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == len(answers):
            raise KeyboardInterrupt

    clock = (start + timedelta(seconds=40 * index + 1) for index in itertools.count())
    shown: list[str] = []
    group = Group(client=Recorded(), name=NAME)
    with contextlib.suppress(KeyboardInterrupt):
        for one in follow(group, MINE, start, sleep=sleep, now=lambda: next(clock)):
            shown.append(one.body)
    assert shown == ["a", "late", "b"]
    assert pauses == [POLL_SECONDS] * 3
    begin = int(start.timestamp() * 1000)
    overlap = int(OVERLAP.total_seconds() * 1000)
    assert windows[0] == (begin, begin + 1000)
    assert windows[1] == (begin, begin + 41_000)
    assert windows[2] == (begin + 41_000 - overlap, begin + 81_000)
