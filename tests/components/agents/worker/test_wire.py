"""The connection: TLS to a server that proves its name, a login, and replies of every kind."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.agents.worker.wire import StoreError, Wire
from tests.components.agents.worker.stage import PASSWORD, QUEUE, Store
from tests.components.certificates import Proof, proof


@contextmanager
def before(store: Store, own: Proof) -> Generator[int]:
    """TLS in front of the server: Valkey of the tests is built without."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)

    def carry(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def serve(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = listening.accept()
                try:
                    client = context.wrap_socket(accepted, server_side=True)
                except OSError:
                    accepted.close()
                    continue
                server = socket.create_connection(("127.0.0.1", store.port))
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=carry, args=(one, other), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def url(port: int) -> str:
    return f"rediss://agents:{PASSWORD}@localhost:{port}/0"


def test_a_server_is_believed_that_the_caches_authority_has_signed(store: Store, tmp_path: Path) -> None:
    own = proof(tmp_path / "own", "localhost")
    with before(store, own) as port:
        wire = Wire(url(port), str(own.authority))
        assert wire.do("SET", f"{QUEUE}:result:x", "값") == "OK"
        assert wire.do("GET", f"{QUEUE}:result:x") == "값"
        wire.close()


@pytest.mark.parametrize("wrong", ["authority", "name", "nobody"])
def test_no_other_is(store: Store, tmp_path: Path, wrong: str) -> None:
    own = proof(tmp_path / "own", "elsewhere" if wrong == "name" else "localhost")
    trusted = proof(tmp_path / "else", "localhost").authority if wrong == "authority" else own.authority
    with before(store, own) as port, pytest.raises(ssl.SSLCertVerificationError):
        Wire(url(port), None if wrong == "nobody" else str(trusted))


def test_a_wrong_password_and_another_prefix_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="WRONGPASS"):
        Wire(store.url.replace(PASSWORD, "guess"))
    wire = Wire(store.url)
    with pytest.raises(StoreError, match="NOPERM"):
        wire.do("GET", "ratelimit:x")
    with pytest.raises(StoreError, match="NOPERM"):
        wire.together(("GET", "ratelimit:x"), ("GET", QUEUE))
    assert wire.do("GET", QUEUE) is None, "still in step with the server"
    wire.close()


def test_what_is_no_text_comes_back_as_it_went(store: Store) -> None:
    wire = Wire(store.url)
    odd = "a\r\nb\udcff\udc80"
    wire.do("LPUSH", QUEUE, odd)
    assert wire.do("LRANGE", QUEUE, 0, -1) == [odd]
    wire.close()


def test_a_transaction_is_carried_out_whole_or_not_at_all(store: Store) -> None:
    wire = Wire(store.url)
    wire.do("WATCH", QUEUE)
    store.wire.do("LPUSH", QUEUE, "x")
    assert wire.together(("LPUSH", QUEUE, "y")) is None
    assert wire.together(("LPUSH", QUEUE, "y"), ("LLEN", QUEUE)) == [2, 2]
    wire.close()


def test_a_server_that_goes_is_said_to_be_gone(store: Store) -> None:
    wire = Wire(store.url)
    store.wire.do("CLIENT", "KILL", "USER", "agents")
    with pytest.raises(OSError):  # noqa: PT011 - reset or closed, as the kernel has it
        wire.do("GET", QUEUE)
    wire.close()
