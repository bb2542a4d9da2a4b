"""What the background processes of a sandbox share."""

from __future__ import annotations

import os
from pathlib import Path

# How long a server outlives its sandbox at most; tests do not wait that long.
ORPHAN_CHECK_SECONDS = float(os.environ.get("AGENTIC_SANDBOX_ORPHAN_CHECK_SECONDS", "5"))


def redirect(log: Path) -> None:
    """Cut a background process off its terminal: it reads nothing and writes to its log."""
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    with log.open("ab", buffering=0) as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
