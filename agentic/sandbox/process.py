"""Tells a process from a later one that got the same pid, and stops it by pid only."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

STOP_SECONDS = 5.0


def birth(pid: int) -> str | None:
    """What only this process under this pid has: when it started. None if there is no such process."""
    if not _exists(pid):
        return None
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        return _birth_from_proc(stat)
    listing = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip() or None


def started_at(pid: int) -> float | None:
    """When a process began, in seconds since the epoch, to about a second; None if there is none."""
    born = birth(pid)
    if born is None:
        return None
    if "/" not in born:
        return time.mktime(time.strptime(born))
    booted = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime "))
    return int(booted.split()[1]) + int(born.rpartition("/")[2]) / os.sysconf("SC_CLK_TCK")


def command_line(pid: int) -> str:
    """The command of a process, empty when it is gone or not ours to see."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        listing = subprocess.run(
            ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return listing.stdout.strip()


def is_same(pid: int, born: str) -> bool:
    """Whether the process that had this pid when `born` was noted is still the one that has it."""
    return birth(pid) == born


def stop(pid: int, born: str, *, patience_seconds: float = STOP_SECONDS) -> bool:
    """End one process: ask, wait, then kill. True if it was there; a recycled pid is left alone."""
    if not is_same(pid, born):
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + patience_seconds
        while time.monotonic() < deadline:
            _reap(pid)
            if not is_same(pid, born):
                return True
            time.sleep(0.02)
    return not is_same(pid, born)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _birth_from_proc(stat: Path) -> str | None:
    try:
        # The command name, field 2, may hold spaces and brackets; what follows its last bracket is regular.
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, ticks_since_boot = fields[0], fields[19]
    return None if state == "Z" else f"{_boot_id()}/{ticks_since_boot}"


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "boot"


def _reap(pid: int) -> None:
    """A child of ours stays a zombie until it is waited for."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except (ChildProcessError, OSError):
        return
