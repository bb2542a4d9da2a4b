"""Finds the programs of a Kubernetes API server, or builds them once for this user; says where they are."""

from __future__ import annotations

import sys
from pathlib import Path

from agentic.errors import OperatorError
from agentic.rehearsal.tools import provide

if __name__ == "__main__":
    try:
        tools = provide(Path(__file__).resolve().parent.parent, lambda line: print(line, flush=True))
    except OperatorError as error:
        sys.exit(f"api-server: {error}")
    for program in (tools.etcd, tools.api_server, tools.controller_manager):
        print(f"api-server: {program.path} ({program.version})")
