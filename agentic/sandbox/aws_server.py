"""One moto server per sandbox: started on a free port, found again, stopped by its own pid only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from agentic.sandbox import process
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout

START_SECONDS = 60.0
HEALTH_SECONDS = 5.0
SOURCE_ROOT = Path(__file__).resolve().parents[2]
# A proxy stands between this machine and others, not between it and itself.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class AwsServer:
    """A server that was started; `born` keeps a recycled pid from being taken for it."""

    pid: int
    port: int
    born: str

    @property
    def url(self) -> str:
        """Where AWS clients point; loopback only."""
        return f"http://127.0.0.1:{self.port}"

    def is_running(self) -> bool:
        """Whether the very process that was started still runs."""
        return process.is_same(self.pid, self.born)

    def is_healthy(self) -> bool:
        """Whether it runs and answers."""
        if not self.is_running():
            return False
        try:
            with _DIRECT.open(f"{self.url}/moto-api/", timeout=HEALTH_SECONDS) as answer:
                return bool(answer.status < 500)
        except urllib.error.HTTPError as refusal:
            return refusal.code < 500
        except (OSError, urllib.error.URLError):
            return False


def recorded(layout: Layout) -> AwsServer | None:
    """The server this sandbox last started, running or not."""
    try:
        known = json.loads(layout.aws.read_text())
        return AwsServer(pid=int(known["pid"]), port=int(known["port"]), born=str(known["born"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def start(layout: Layout, account_id: str) -> AwsServer:
    """A healthy server that answers as `account_id`: the one at hand, or a new one."""
    known = recorded(layout)
    if known and known.is_healthy():
        return known
    if known:
        process.stop(known.pid, known.born)
    if find_spec("moto") is None or find_spec("flask") is None:
        raise SandboxError(
            "the Python package moto[server] is not installed, so there is no AWS to talk to",
            remedy="run `make setup`, or install requirements-dev.txt into this environment",
        )
    layout.create()
    log = layout.logs / "moto.log"
    try:
        started = subprocess.run(
            [sys.executable, "-m", "agentic.sandbox.aws_daemon", str(layout.aws), str(log)],
            env=_environment(account_id),
            cwd=layout.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SandboxError(f"moto did not start within {START_SECONDS:.0f} s", remedy=f"see {log}") from None
    server = recorded(layout)
    if started.returncode or server is None or not server.is_healthy():
        reason = started.stderr.decode(errors="replace").strip().splitlines()
        raise SandboxError(
            f"moto did not start: {reason[-1] if reason else 'no message'}", remedy=f"see {log}"
        )
    return server


def stop(layout: Layout) -> bool:
    """End this sandbox's server and forget it; True if it was running."""
    known = recorded(layout)
    was_running = bool(known) and process.stop(known.pid, known.born) if known else False
    layout.aws.unlink(missing_ok=True)
    return was_running


def _environment(account_id: str) -> dict[str, str]:
    # An operator's credentials or proxies have no business in a server that must stay on this machine.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    return kept | {
        "MOTO_ACCOUNT_ID": account_id,
        # Roles attach AWS's own policies by ARN; without this moto answers NoSuchEntity.
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        # 1301 images, snapshots and volumes nobody asks for; a third of the first EC2 call.
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(SOURCE_ROOT), os.environ.get("PYTHONPATH")))),
    }
