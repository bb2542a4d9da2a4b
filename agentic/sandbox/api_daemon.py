"""The process that keeps the API server of one sandbox running; started by `api_server`, not by people.

    python -m agentic.sandbox.api_daemon <server.json> <log file> <settings as JSON>

It goes to the background, starts etcd, kube-apiserver and kube-controller-manager, and only then writes where
they answer, so the caller returns to a server that does. It ends, and they with it, when one of them ends, when
it is told to, or when its file is gone or names another.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import BinaryIO

from agentic.errors import OperatorError
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.tools import Program, Tools
from agentic.sandbox.daemon import ORPHAN_CHECK_SECONDS, redirect
from agentic.sandbox.process import birth

READY = b"."


def main() -> None:
    """Serve until told to stop; the parent returns once the server answers, or with the reason why not."""
    record, log, settings = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    tools = Tools(*(Program(Path(path), version) for path, version in settings["tools"]))
    listening, told = os.pipe()
    if os.fork():
        os.close(told)
        with os.fdopen(listening, "rb") as words:
            answer = words.read()
        if answer != READY:
            os.write(sys.stderr.fileno(), answer)  # at once: nothing is flushed on the way out below
        os._exit(0 if answer == READY else 1)
    os.setsid()
    redirect(log)
    # A Ctrl-C in the terminal that started it is meant for the run, not for the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(told, "wb") as parent:
        try:
            _serve(
                ApiServer(tools, service_cidr=settings["service_cidr"], home=record.parent), record, parent
            )
        except OperatorError as error:
            parent.write(str(error).encode())
            sys.exit(1)


def _serve(server: ApiServer, record: Path, parent: BinaryIO) -> None:
    with server:
        _write(record, server)
        parent.write(READY)
        parent.close()
        while _is_mine(record):
            time.sleep(ORPHAN_CHECK_SECONDS)
            server.check()


def _write(record: Path, server: ApiServer) -> None:
    pid = os.getpid()
    facts = {"pid": pid, "born": birth(pid), "url": server.url, "version": server.version}
    fresh = record.with_suffix(f".{pid}")
    # Before there is anything in it: the token is for the owner of the sandbox alone.
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({**facts, "token": server.token, "authority": server.authority}, out)
    fresh.replace(record)


def _is_mine(record: Path) -> bool:
    # A sandbox removed with `rm -r`, or one that started another server, must not leave this one behind.
    try:
        return bool(json.loads(record.read_text())["pid"] == os.getpid())
    except (OSError, ValueError, KeyError):
        return False


if __name__ == "__main__":
    main()
