"""What is started is stopped: at the end, after an error, and by the next start if nobody else could."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentic.rehearsal.errors import ServerFailed
from agentic.rehearsal.processes import PREFIX, RECORD, Processes, remove_abandoned
from agentic.rehearsal.termination import ends_in_order
from agentic.sandbox import process
from tests.agentic.rehearsal.conftest import ROOT


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of one's own: servers of other runs are none of these tests' business."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def processes() -> Iterator[Processes]:
    made = Processes()
    yield made
    made.close()


def _pids(processes: Processes) -> list[int]:
    return [pid for pid, _ in json.loads((processes.directory / RECORD).read_text())["running"]]


def _check_for_a_while(processes: Processes) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        processes.check_all()
        time.sleep(0.01)


def _is_gone(pid: int) -> bool:
    return process.birth(pid) is None


def test_closing_ends_every_process_and_removes_the_directory(processes: Processes) -> None:
    processes.start("one", ["sleep", "60"])
    processes.start("two", ["sleep", "60"])
    one, two = _pids(processes)
    processes.close()
    assert _is_gone(one)
    assert _is_gone(two)
    assert not processes.directory.exists()


def test_a_directory_removed_by_hand_does_not_keep_any_process_alive(processes: Processes) -> None:
    processes.start("one", ["sleep", "60"])
    processes.start("two", ["sleep", "60"])
    one, two = _pids(processes)
    shutil.rmtree(processes.directory)
    processes.close()
    assert _is_gone(one)
    assert _is_gone(two)


def test_a_directory_that_was_given_stays_and_its_next_owner_ends_what_was_left(tmp_path: Path) -> None:
    given = tmp_path / "given"
    first = Processes(given)
    first.start("one", ["sleep", "60"])
    (pid,) = _pids(first)
    record = json.loads((given / RECORD).read_text())
    (given / RECORD).write_text(json.dumps({**record, "owner": [record["owner"][0], "another birth"]}))
    second = Processes(given)
    assert _is_gone(pid)
    second.close()
    first.close()
    assert given.is_dir()


def test_the_directory_is_for_its_owner_only(processes: Processes) -> None:
    assert processes.directory.stat().st_mode & 0o777 == 0o700


def test_a_program_that_ended_is_reported_with_its_last_words(processes: Processes) -> None:
    processes.start("server", ["sh", "-c", "echo 'bind: address already in use' >&2; exit 3"])
    with pytest.raises(ServerFailed) as failed:
        _check_for_a_while(processes)
    assert "server ended with code 3:\n    bind: address already in use" in str(failed.value)


def test_settings_of_the_shell_do_not_reach_the_programs(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETCD_LISTEN_CLIENT_URLS", "http://0.0.0.0:2379")
    monkeypatch.setenv("KUBECONFIG", "/somewhere")
    processes.start("env", ["env"])
    deadline = time.monotonic() + 60
    while "NO_PROXY" not in processes.log("env") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "NO_PROXY=127.0.0.1,localhost" in processes.log("env")
    assert "ETCD_" not in processes.log("env")
    assert "KUBECONFIG" not in processes.log("env")


def test_what_a_killed_run_left_is_stopped_by_the_next(home: Path) -> None:
    script = (
        "import os, signal\n"
        "from agentic.rehearsal.processes import Processes\n"
        "p = Processes(); p.start('server', ['sleep', '60']); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "TMPDIR": str(home)}, check=False
    )
    (left,) = home.glob(f"{PREFIX}*")
    ((pid, born),) = json.loads((left / RECORD).read_text())["running"]
    assert process.is_same(pid, born)
    next_run = Processes()
    assert _is_gone(pid)
    assert not left.exists()
    next_run.close()


def test_a_server_of_somebody_who_lives_is_left_alone(home: Path, processes: Processes) -> None:
    processes.start("server", ["sleep", "60"])
    (pid,) = _pids(processes)
    assert remove_abandoned(home) == 0
    assert not _is_gone(pid)


def test_a_directory_that_is_none_of_ours_is_left_alone(home: Path) -> None:
    other = home / f"{PREFIX}{os.getuid()}-other"
    other.mkdir()
    (other / RECORD).write_text("not a record")
    assert remove_abandoned(home) == 0
    assert other.exists()


def test_a_request_to_end_is_an_exception_and_only_inside() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, ends_in_order():
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 143
    assert signal.getsignal(signal.SIGTERM) == before
