"""Finds promtool, or builds it once for this user; says where it is. Without Go only a CI run fails."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from agentic.go_tool import ToolMissing
from agentic.promtool import provide

if __name__ == "__main__":
    try:
        found = provide(Path(__file__).resolve().parent.parent, lambda line: print(line, flush=True))
    except ToolMissing as error:
        if os.environ.get("CI"):
            sys.exit(f"promtool: {error}")
        print(f"promtool: {error}\npromtool: rules are not evaluated in this run; CI does it")
    else:
        print(f"promtool: {found.path} ({found.version})")
