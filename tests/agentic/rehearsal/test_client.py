"""Threads share a client: what they may do at once, and what one after the other."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from urllib3.connection import HTTPSConnection

from agentic.rehearsal.client import Client, Unreachable


def test_no_two_connections_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """urllib3 writes into the shared TLS context before each handshake: two at once break one of them."""
    at_once = 0
    most = 0
    guard = threading.Lock()

    def connect(_: HTTPSConnection) -> None:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.01)
        with guard:
            at_once -= 1
        raise OSError("no server")

    monkeypatch.setattr(HTTPSConnection, "connect", connect)
    monkeypatch.setattr("ssl.create_default_context", lambda **_: None)
    client = Client("https://127.0.0.1:9", "token", "authority")

    def ask() -> None:
        with pytest.raises(Unreachable, match=r"the API server at https://127\.0\.0\.1:9 does not answer"):
            client.request("GET", "/readyz")

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ask) for _ in range(8)]:
            done.result()
    assert most == 1
