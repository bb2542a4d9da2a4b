"""Two runs never share a sandbox, and a killed run never keeps one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentic.sandbox.errors import SandboxError
from agentic.sandbox.lock import exclusive

HOLD = """
import sys, time
from pathlib import Path
from agentic.sandbox.lock import exclusive
with exclusive(Path(sys.argv[1]), "agentic sandbox up dev"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_and_told_who_is_at_work(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock", "agentic sandbox up dev"):
        with (
            pytest.raises(SandboxError) as refusal,
            exclusive(tmp_path / "lock", "agentic sandbox destroy dev"),
        ):
            pytest.fail("two runs at once")
        assert f"is in use by `agentic sandbox up dev` (pid {os.getpid()})" in str(refusal.value)
        assert "wait for it to end" in str(refusal.value)


def test_the_lock_is_free_after_the_run_and_after_an_error_in_it(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path / "lock", "up"):
        _ = 1 / 0
    with exclusive(tmp_path / "lock", "up"):
        pass


def test_a_killed_run_keeps_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SandboxError, match="is in use by"), exclusive(path, "up"):
            pytest.fail("two runs at once")
        holder.kill()
        holder.wait()
    with exclusive(path, "up"):
        pass
