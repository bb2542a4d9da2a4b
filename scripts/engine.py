"""Finds the Pulumi engine, or installs or builds it once for this user; says where it is."""

from __future__ import annotations

import sys
from pathlib import Path

from agentic.sandbox.engine import provide
from agentic.sandbox.errors import SandboxError

if __name__ == "__main__":
    try:
        engine = provide(Path(__file__).resolve().parent.parent, lambda line: print(line, flush=True))
    except SandboxError as error:
        sys.exit(f"engine: {error}")
    print(f"engine: {engine.path} ({engine.version}){f'; {engine.note}' if engine.note else ''}")
