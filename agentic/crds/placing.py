"""Puts one source's definitions into place: a reader sees the old ones or the new ones, never a mixture."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

STAMP = ".fetched"
"""In each source's directory: what it was filled from."""


def holds(home: Path, stamp: str) -> bool:
    """Whether the directory was filled from just this."""
    try:
        return (home / STAMP).read_text() == stamp
    except OSError:
        return False


@contextmanager
def turn(directory: Path) -> Generator[None]:
    """Hold the directory: whoever comes second waits, and finds what the first one placed."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def place(home: Path, files: Iterable[tuple[str, bytes]], stamp: str) -> None:
    """Make the directory hold these files and nothing else."""
    home.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=home.parent, prefix=f".{home.name}-"))
    try:
        for name, content in files:
            (fresh / name).write_bytes(content)
        (fresh / STAMP).write_text(stamp)
        fresh.chmod(0o755)
        if home.exists():
            shutil.rmtree(home)
        fresh.replace(home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
