"""One AWS per sandbox: found again, never shared, stopped by its own pid."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from agentic.sandbox import aws_server, process
from agentic.sandbox.aws_server import AwsServer
from agentic.sandbox.layout import Layout

ACCOUNT = "123123123123"


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    layout = Layout(tmp_path_factory.mktemp("checkout"), "dev")
    yield layout
    aws_server.stop(layout)


@pytest.fixture(scope="module")
def server(layout: Layout) -> AwsServer:
    return aws_server.start(layout, ACCOUNT)


def _account(server: AwsServer) -> str:
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=server.url,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
    return sts.get_caller_identity()["Account"]


def test_it_answers_on_loopback_as_the_account_of_the_config(server: AwsServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert _account(server) == ACCOUNT


def test_starting_again_finds_the_one_that_runs(layout: Layout, server: AwsServer) -> None:
    assert aws_server.start(layout, ACCOUNT) == server


def test_another_stack_gets_another_server(layout: Layout, server: AwsServer) -> None:
    other_layout = Layout(layout.root, "staging")
    other = aws_server.start(other_layout, "456456456456")
    try:
        assert other.port != server.port
        assert _account(other) == "456456456456"
    finally:
        assert aws_server.stop(other_layout)
    assert server.is_healthy()


def test_an_interrupt_meant_for_the_run_does_not_end_it(server: AwsServer) -> None:
    os.kill(server.pid, signal.SIGINT)
    time.sleep(0.1)
    assert server.is_healthy()


def test_a_server_that_died_is_replaced(tmp_path: Path) -> None:
    layout = Layout(tmp_path, "dev")
    first = aws_server.start(layout, ACCOUNT)
    assert process.stop(first.pid, first.born)
    second = aws_server.start(layout, ACCOUNT)
    try:
        assert second.pid != first.pid
        assert second.is_healthy()
    finally:
        aws_server.stop(layout)


def test_a_proxy_for_the_world_outside_is_not_asked_for_it(
    server: AwsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert server.is_healthy()


def test_a_record_of_a_recycled_pid_is_not_taken_for_a_server(tmp_path: Path) -> None:
    layout = Layout(tmp_path, "dev")
    layout.create()
    layout.aws.write_text(json.dumps({"pid": os.getpid(), "port": 1, "born": "another-boot/1"}))
    known = aws_server.recorded(layout)
    assert known is not None
    assert not known.is_running()
    assert not aws_server.stop(layout)
    assert not layout.aws.exists()


def test_a_server_whose_sandbox_was_removed_ends_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTIC_SANDBOX_ORPHAN_CHECK_SECONDS", "0.1")
    layout = Layout(tmp_path, "dev")
    server = aws_server.start(layout, ACCOUNT)
    layout.aws.unlink()
    deadline = time.monotonic() + 60
    while server.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running()
