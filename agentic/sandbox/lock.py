"""One run at a time per sandbox; the kernel frees the lock of a run that was killed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from agentic.sandbox.errors import SandboxError


@contextmanager
def exclusive(path: Path, purpose: str) -> Generator[None]:
    """Hold `path` while the body runs, or refuse, naming who holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another run"
            raise SandboxError(
                f"the sandbox in {path.parent} is in use by {holder}",
                remedy="wait for it to end, or interrupt it with Ctrl-C in its own terminal",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"`{purpose}` (pid {os.getpid()})\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)
