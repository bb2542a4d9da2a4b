"""Where programs that were built or downloaded are kept: one place for all checkouts of one user."""

from __future__ import annotations

import os
from pathlib import Path

CACHE_VARIABLE = "AGENTIC_CACHE_DIR"


def cache_directory() -> Path:
    """Shared by all checkouts of one user, so that a build is paid for once."""
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "agentic-platform"
