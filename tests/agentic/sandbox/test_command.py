"""The engine runs in a group of its own, hears of Ctrl-C once, and brings its own errors back."""

from __future__ import annotations

import os
import signal
import stat
import threading
import time
from pathlib import Path

import pytest
from pulumi.automation.errors import CommandError

from agentic.sandbox.command import EngineCommand
from agentic.sandbox.engine import Engine


def _engine(tmp_path: Path, body: str) -> Engine:
    path = tmp_path / "pulumi"
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Engine(path, "3.259.0")


def _interrupt_when(path: Path) -> None:
    def wait() -> None:
        while not path.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()


def test_output_comes_line_by_line_and_whole(tmp_path: Path) -> None:
    lines: list[str] = []
    command = EngineCommand(_engine(tmp_path, "echo one; echo two; echo aside >&2"))
    result = command.run(["up"], str(tmp_path), {}, on_output=lines.append)
    assert lines == ["one", "two"]
    assert (result.stdout, result.stderr, result.code) == ("one\ntwo", "aside", 0)


def test_it_is_told_not_to_ask_questions(tmp_path: Path) -> None:
    result = EngineCommand(_engine(tmp_path, 'echo "$@"')).run(["up", "--yes"], str(tmp_path), {})
    assert result.stdout == "--non-interactive up --yes"


def test_the_operators_own_engine_and_aws_settings_stay_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "token")
    monkeypatch.setenv("AWS_PROFILE", "prod")
    result = EngineCommand(_engine(tmp_path, "env")).run(
        ["up"], str(tmp_path), {"PULUMI_BACKEND_URL": "file:///x"}
    )
    names = {line.partition("=")[0] for line in result.stdout.splitlines()}
    assert "PULUMI_BACKEND_URL" in names
    assert not names & {"PULUMI_ACCESS_TOKEN", "AWS_PROFILE"}


def test_providers_of_the_sandbox_come_before_those_beside_the_engine(tmp_path: Path) -> None:
    result = EngineCommand(_engine(tmp_path, 'echo "$PATH"')).run(
        ["up"], str(tmp_path), {"PATH": "/launchers:/bin"}
    )
    assert result.stdout == f"/launchers:/bin:{tmp_path}"


def test_a_failure_is_the_automation_apis_own_error(tmp_path: Path) -> None:
    command = EngineCommand(_engine(tmp_path, "echo 'error: broken' >&2; exit 255"))
    with pytest.raises(CommandError, match="error: broken"):
        command.run(["up"], str(tmp_path), {})
    assert command.killed_by is None


def test_an_engine_that_was_killed_is_told_from_one_that_failed(tmp_path: Path) -> None:
    command = EngineCommand(_engine(tmp_path, "kill -9 $$"))
    with pytest.raises(CommandError):
        command.run(["up"], str(tmp_path), {})
    assert command.killed_by == signal.SIGKILL


def test_ctrl_c_reaches_the_engine_once_and_we_wait_for_it(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    hear = "trap 'echo cancelling; sleep 0.2; echo done; exit 1' INT"
    body = f"{hear}; touch {ready}; while :; do sleep 0.05; done"
    told: list[int] = []
    command = EngineCommand(_engine(tmp_path, body), told.append)
    _interrupt_when(ready)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(CommandError, match="cancelling\ndone"):
        command.run(["up"], str(tmp_path), {})
    assert told == [1]
    assert command.interrupts == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_the_engine_is_not_in_the_terminals_process_group(tmp_path: Path) -> None:
    result = EngineCommand(_engine(tmp_path, "cut -d' ' -f5 /proc/$$/stat")).run(["up"], str(tmp_path), {})
    assert int(result.stdout) != os.getpgrp()
