"""A plugin process starts quickly, prints its port, and ends when its engine does, its call in flight finished."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

# As the SDK sets it: a chart's values can be large.
_OPTIONS = [
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.max_send_message_length", 400 * 1024 * 1024),
]
_WORKERS = 16
_PARENT_CHECK_SECONDS = 0.5


def serve(servicer: Any) -> None:
    """Serve until the engine goes away, then let running calls finish and write their notes."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: ended.set())
    _watch_engine(ended)
    pool = ThreadPoolExecutor(_WORKERS)
    server = grpc.server(pool, options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    ended.wait()
    server.stop(None)
    pool.shutdown(wait=True, cancel_futures=True)
    # gRPC's own threads can hold up a normal exit for seconds; all that mattered is written.
    os._exit(0)


def _watch_engine(ended: threading.Event) -> None:
    """Notice the engine's death: it holds our standard input open, and it is our parent."""
    parent = os.getppid()

    def parent_gone() -> None:
        while not ended.wait(_PARENT_CHECK_SECONDS):
            if os.getppid() != parent:
                ended.set()

    def input_closed() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        ended.set()

    threading.Thread(target=parent_gone, daemon=True).start()
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=input_closed, daemon=True).start()
