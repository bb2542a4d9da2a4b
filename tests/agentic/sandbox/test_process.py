"""A pid is a process only together with the time the process was born."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from agentic.sandbox import process


def _sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_a_live_process_is_itself_and_a_dead_one_is_nobody() -> None:
    child = _sleeper()
    born = process.birth(child.pid)
    assert born is not None
    assert process.is_same(child.pid, born)
    child.kill()
    child.wait()
    assert process.birth(child.pid) is None
    assert not process.is_same(child.pid, born)


def test_a_recycled_pid_is_left_alone() -> None:
    child = _sleeper()
    try:
        assert not process.stop(child.pid, "another-boot/1")
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_stopping_ends_a_process_that_ignores_the_polite_request() -> None:
    ignores = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn = f"{ignores}; print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        born = process.birth(child.pid)
        assert born is not None
        assert process.stop(child.pid, born, patience_seconds=0.3)
        assert process.birth(child.pid) is None


def test_the_start_of_a_process_is_known_to_about_a_second() -> None:
    before = time.time()
    child = _sleeper()
    after = time.time()
    try:
        started = process.started_at(child.pid)
        assert started is not None
        assert before - 2 < started < after + 2
    finally:
        child.kill()
        child.wait()


def test_the_command_line_of_this_process_names_python() -> None:
    assert "python" in process.command_line(os.getpid())
