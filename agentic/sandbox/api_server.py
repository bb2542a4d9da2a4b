"""One API server per sandbox that asks for one: started on a free port, found again, stopped by its own pid only.

Its objects are on disk: a server that ended is started again with all it had. It goes for good with the sandbox.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentic.rehearsal.client import Client, Refused, Unreachable
from agentic.rehearsal.processes import stop_recorded
from agentic.rehearsal.tools import Program, Tools
from agentic.sandbox import process
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout

START_SECONDS = 180.0
HEALTH_SECONDS = 5.0
SOURCE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started; `born` keeps a recycled pid from being taken for it."""

    pid: int
    born: str
    url: str
    version: str
    token: str
    authority: str

    def is_running(self) -> bool:
        """Whether the very process that was started still runs."""
        return process.is_same(self.pid, self.born)

    def is_healthy(self) -> bool:
        """Whether it runs and answers."""
        if not self.is_running():
            return False
        client = self.client()
        try:
            return client.request("GET", "/readyz", seconds=HEALTH_SECONDS).body == "ok"
        except (Refused, Unreachable):
            return False
        finally:
            client.close()

    def client(self) -> Client:
        """A way to it, with every right."""
        return Client(self.url, self.token, self.authority)


def is_used(layout: Layout) -> bool:
    """Whether this sandbox keeps its objects in an API server, running or not."""
    return layout.api_server.is_dir()


def recorded(layout: Layout) -> Server | None:
    """The server this sandbox last started, running or not."""
    return read(layout.api_record)


def read(record: Path) -> Server | None:
    """The server that a record names."""
    try:
        known: dict[str, Any] = json.loads(record.read_text())
        return Server(**{name: known[name] for name in Server.__slots__})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def start(layout: Layout, tools: Tools, service_cidr: str) -> Server:
    """A healthy server: the one at hand, or a new one over the same objects."""
    known = recorded(layout)
    if known and known.is_healthy():
        return known
    _end(layout)
    layout.create()
    layout.api_server.mkdir(mode=0o700, exist_ok=True)
    programs = (tools.etcd, tools.api_server, tools.controller_manager)
    settings = {"tools": [_named(program) for program in programs], "service_cidr": service_cidr}
    log = layout.logs / "api-server.log"
    command = [sys.executable, "-m", "agentic.sandbox.api_daemon", str(layout.api_record), str(log)]
    try:
        started = subprocess.run(
            [*command, json.dumps(settings)],
            env={**os.environ, "PYTHONPATH": _path()},
            cwd=layout.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _end(layout)
        raise SandboxError(
            f"the API server did not start within {START_SECONDS:.0f} s", remedy=f"see {log}"
        ) from None
    server = recorded(layout)
    if started.returncode or server is None:
        words = started.stderr.decode(errors="replace").strip()
        raise SandboxError(f"the API server did not start: {words or 'no message'}", remedy=f"see {log}")
    return server


def stop(layout: Layout) -> bool:
    """End this sandbox's server and forget its objects; True if it was running."""
    was_running = _end(layout)
    shutil.rmtree(layout.api_server, ignore_errors=True)
    return was_running


def _end(layout: Layout) -> bool:
    known = recorded(layout)
    was_running = bool(known) and process.stop(known.pid, known.born) if known else False
    layout.api_record.unlink(missing_ok=True)
    # Its own process may have been killed before it could stop the three it started.
    stop_recorded(layout.api_server)
    return was_running


def _named(program: Program) -> list[str]:
    return [str(program.path), program.version]


def _path() -> str:
    return os.pathsep.join(filter(None, (str(SOURCE_ROOT), os.environ.get("PYTHONPATH"))))
