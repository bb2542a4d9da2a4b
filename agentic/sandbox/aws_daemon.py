"""The process that answers AWS calls for one sandbox; started by `aws_server`, not by people.

    python -m agentic.sandbox.aws_daemon <moto.json> <log file>

It binds a free loopback port, goes to the background, and only then writes where it listens, so the
caller returns to a server that answers. It ends by itself when its file is gone or names another.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from agentic.sandbox.daemon import ORPHAN_CHECK_SECONDS, redirect
from agentic.sandbox.process import birth


def main() -> None:
    """Serve until told to stop; the parent returns once the child can answer."""
    record, log = Path(sys.argv[1]), Path(sys.argv[2])
    server = _bind()
    ready, told = os.pipe()
    if os.fork():
        os.close(told)
        # A child that dies before it is ready closes its end, and the read comes back empty.
        os._exit(0 if os.read(ready, 1) else 1)
    os.setsid()
    redirect(log)
    signal.signal(signal.SIGTERM, _leave)
    # A Ctrl-C in the terminal that started it is meant for the run, not for the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _write(record, server.server_address[1])
    os.write(told, b".")
    os.close(told)
    threading.Thread(target=_leave_when_orphaned, args=(record,), daemon=True).start()
    server.serve_forever()


def _bind() -> Any:
    # Imported here: it reads MOTO_* from the environment as it loads.
    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    application = _one_at_a_time(DomainDispatcherApplication(create_backend_app))
    return make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)


def _one_at_a_time(application: Any) -> Any:
    """Backends of moto are plain dicts: one request that lists while another creates ends in a 500."""
    turn = threading.Lock()

    def take_turns(environ: Any, start_response: Any) -> list[bytes]:
        with turn:
            return list(application(environ, start_response))

    return take_turns


def _write(record: Path, port: int) -> None:
    pid = os.getpid()
    fresh = record.with_suffix(f".{pid}")
    fresh.write_text(json.dumps({"pid": pid, "port": port, "born": birth(pid)}) + "\n")
    fresh.replace(record)


def _leave(_number: int, _frame: object) -> None:
    os._exit(0)


def _leave_when_orphaned(record: Path) -> None:
    # A sandbox removed with `rm -r`, or one that started another server, must not leave this one behind.
    rest = threading.Event()
    while True:
        rest.wait(ORPHAN_CHECK_SECONDS)
        try:
            mine = json.loads(record.read_text())["pid"] == os.getpid()
        except (OSError, ValueError, KeyError):
            mine = False
        if not mine:
            os._exit(0)


if __name__ == "__main__":
    main()
