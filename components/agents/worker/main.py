"""The program: a worker, how it fares at /healthz and /metrics, and an end that loses nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from .settings import Settings
from .worker import Worker

SLOWEST_TURN = 120.0
"""A keeper that has not turned for so long does not turn any more."""


def alive(worker: Worker) -> bool:
    """Whether it goes on by itself: a store that is away is no reason to start it again."""
    return worker.ending.is_set() or time.monotonic() - worker.turned < SLOWEST_TURN


def metrics(worker: Worker) -> str:
    """Its series as Prometheus reads them; lengths are of the whole queue, and the same from each worker."""
    labels = f'agent="{worker.settings.agent}"'
    lines = ["# TYPE agent_queue_tasks_total counter"]
    lines += [
        f'agent_queue_tasks_total{{{labels},outcome="{outcome}"}} {count}'
        for outcome, count in sorted(worker.outcomes.items())
    ]
    for name, length in sorted(worker.lengths.items()):
        lines += [
            f"# TYPE agent_queue_{name}_tasks gauge",
            f"agent_queue_{name}_tasks{{{labels}}} {length}",
        ]
    return "\n".join((*lines, ""))


class Handler(BaseHTTPRequestHandler):
    """GET /healthz and GET /metrics, and nothing else."""

    worker: ClassVar[Worker]

    def do_GET(self) -> None:
        """How the worker fares."""
        if self.path == "/healthz":
            status, body = HTTPStatus.OK if alive(self.worker) else HTTPStatus.SERVICE_UNAVAILABLE, ""
        elif self.path == "/metrics":
            status, body = HTTPStatus.OK, metrics(self.worker)
        else:
            status, body = HTTPStatus.NOT_FOUND, ""
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *_args: object) -> None:
        """Probes and scrapes are not worth a line."""


def main() -> None:
    """Works until SIGTERM, finishes what is in hand, and ends."""
    worker = Worker(Settings.of(os.environ))
    handler = type("Told", (Handler,), {"worker": worker})
    server = ThreadingHTTPServer(("0.0.0.0", worker.settings.port), handler)  # noqa: S104 - in a pod, which policies close
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: worker.ending.set())
    worker.run()


if __name__ == "__main__":
    main()
