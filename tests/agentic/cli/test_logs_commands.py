"""`agentic logs` from end to end against moto, in process: see tests/agentic/ops/logs for what it does not show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from agentic.cli.main import run

ROOT = Path(__file__).parents[3]
NAME = "/agentic/ai-dev/pods"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")  # another than the stack's, on purpose
    # moto answers for another account than the stack's; the last test puts the check back.
    monkeypatch.setattr("agentic.ops.state_backend.refuse_other_account", lambda *_: None)
    with mock_aws():
        yield boto3.client("logs", region_name="us-east-1")


def write(logs: Any, *bodies: tuple[str, str]) -> None:
    logs.create_log_group(logGroupName=NAME)
    logs.create_log_stream(logGroupName=NAME, logStreamName="s")
    now = int(datetime.now(UTC).timestamp() * 1000)
    logs.put_log_events(
        logGroupName=NAME,
        logStreamName="s",
        logEvents=[
            {
                "timestamp": now - 1000 + index,
                "message": json.dumps({"body": body, "attributes": {"tenant": tenant}, "resource": {}}),
            }
            for index, (tenant, body) in enumerate(bodies)
        ],
    )


def test_a_tenants_records_are_shown_and_no_others(aws: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write(aws, ("tenant-a", "mine"), ("tenant-b", "theirs"), ("tenant-a", "mine too"))
    assert run(["logs", "dev", "--tenant", "tenant-a"]) == 0
    said = capsys.readouterr().out
    assert [line.split("  ")[-1] for line in said.splitlines()] == ["mine", "mine too"]
    assert run(["logs", "dev", "--tenant", "tenant-a", "--grep", "too$", "--format", "json"]) == 0
    assert [json.loads(line)["body"] for line in capsys.readouterr().out.splitlines()] == ["mine too"]


def test_a_tenant_that_the_stack_has_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["logs", "dev", "--tenant", "tenant-z"]) == 1
    said = capsys.readouterr().err
    assert "--tenant 'tenant-z' is no tenant of this stack" in said
    assert "tenant-a, tenant-b, platform, unknown" in said
    assert "Traceback" not in said


def test_the_stack_is_never_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["logs", "--tenant", "tenant-a"]) == 1
    assert "name one: dev, prod, staging" in capsys.readouterr().err


def test_no_tenant_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["logs", "dev"]) == 2
    assert "Missing option '--tenant'" in capsys.readouterr().err


def test_a_missing_group_is_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["logs", "dev", "--tenant", "tenant-a"]) == 1
    assert "there is no log group /agentic/ai-dev/pods" in capsys.readouterr().err


def test_following_ends_with_ctrl_c(
    aws: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(aws, ("tenant-a", "mine"))

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    assert run(["logs", "dev", "--tenant", "tenant-a", "--follow"]) == 130
    said = capsys.readouterr()
    assert said.out.count("mine") == 1
    assert "Traceback" not in said.err


def test_other_peoples_credentials_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert run(["logs", "dev", "--tenant", "tenant-a"]) == 1
    assert "the stack file says aws.account_id: 111122223333" in capsys.readouterr().err
