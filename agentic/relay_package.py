"""Where LiteLLM's own proxy is installed for tests: an environment apart, by the lock it was made from."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

from agentic.cache import cache_directory

LOCK = "tools/relay.txt"
STAMP = ".made"


def directory(root: Path) -> Path:
    """The environment of this checkout's lock and this Python, made or not."""
    made_from = (root / LOCK).read_bytes() + f"{platform.python_version()} {platform.machine()}".encode()
    return cache_directory() / "relay-proxy" / hashlib.sha256(made_from).hexdigest()[:16]


def python(root: Path) -> Path | None:
    """Its Python; None where it is not made, or not to its end."""
    found = directory(root)
    return found / "bin" / "python" if (found / STAMP).exists() else None
