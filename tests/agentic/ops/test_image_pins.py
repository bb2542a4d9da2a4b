"""Digests come from registries that answered, and from nowhere else; this registry is ours, on loopback."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from agentic.errors import OperatorError
from agentic.ops.image_pins import SOURCE, renew
from agentic.ops.registry import RegistryError, digest
from components.charts.images import IMAGES, Image, TagOnly

ROOT = Path(__file__).resolve().parents[3]
MANIFEST = b'{"schemaVersion": 2}'
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
ask = partial(digest, scheme="http")


class Registry(BaseHTTPRequestHandler):
    """`open/app` is public, `token/app` wants a token, `lies/app` states a digest that is not its own."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        host = f"http://{self.headers['Host']}"
        if path == "/token":
            wanted = "service=us&scope=repository%3Atoken%2Fapp%3Apull"
            return self.answer(200 if query == wanted else 403, b'{"token": "anonymous"}')
        if path == "/v2/token/app/manifests/1" and self.headers.get("Authorization") != "Bearer anonymous":
            challenge = f'Bearer realm="{host}/token",service="us",scope="repository:token/app:pull"'
            return self.answer(401, b"", **{"WWW-Authenticate": challenge})
        if path == "/v2/ftp/app/manifests/1":
            return self.answer(401, b"", **{"WWW-Authenticate": 'Bearer realm="file:///etc/passwd"'})
        stated = {"open": DIGEST, "token": DIGEST, "lies": f"sha256:{'0' * 64}"}.get(path.split("/")[2])
        if stated is None or "index.v1+json" not in self.headers.get("Accept", ""):
            return self.answer(404, b"")
        return self.answer(200, MANIFEST, **{"Docker-Content-Digest": stated})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def registry() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["open/app", "token/app"])
def test_a_digest_is_the_hash_of_the_manifest(registry: str, name: str) -> None:
    assert ask(f"{registry}/{name}", "1") == DIGEST


def test_a_registry_that_states_another_digest_is_not_believed(registry: str) -> None:
    with pytest.raises(RegistryError, match="states sha256:000"):
        ask(f"{registry}/lies/app", "1")


def test_a_tag_that_is_not_there_is_said_with_the_answer(registry: str) -> None:
    with pytest.raises(RegistryError, match="answers 404 for none/app:1"):
        ask(f"{registry}/none/app", "1")


def test_a_token_is_never_fetched_from_anything_but_the_web(registry: str) -> None:
    with pytest.raises(RegistryError, match="in a way this command does not know"):
        ask(f"{registry}/ftp/app", "1")


def test_a_registry_out_of_reach_is_said() -> None:
    with pytest.raises(RegistryError, match=r"127\.0\.0\.1:1 cannot be asked"):
        ask("127.0.0.1:1/open/app", "1")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / SOURCE).parent.mkdir(parents=True)
    shutil.copy(ROOT / SOURCE, tmp_path / SOURCE)
    return tmp_path


def test_every_image_pinned_by_tag_only_can_be_filled_in(checkout: Path) -> None:
    outcomes = renew(checkout, ask=lambda *_: DIGEST, images=tuple(i for i in IMAGES if i.digest is None))
    assert {outcome.action for outcome in outcomes} <= {"pinned"}
    text = (checkout / SOURCE).read_text()
    ast.parse(text)
    assert text.count(f'digest="{DIGEST}"') == len(outcomes) > 0
    assert not re.search(r"\btag_only=_", text)


def test_what_cannot_be_asked_is_left_as_it_is(checkout: Path) -> None:
    def refuse(*_: str) -> str:
        raise RegistryError("no route")

    before = (checkout / SOURCE).read_text()
    assert {outcome.action for outcome in renew(checkout, ask=refuse)} == {"left"}
    assert (checkout / SOURCE).read_text() == before


def test_a_tag_that_moved_is_an_error_and_nothing_is_written(checkout: Path) -> None:
    before = (checkout / SOURCE).read_text()
    pinned = Image(repository="r.example/app", tag="1", digest=f"sha256:{'1' * 64}")
    with pytest.raises(OperatorError, match=r"r\.example/app:1 is pinned as sha256:111"):
        renew(checkout, images=(*IMAGES[1:2], pinned), ask=lambda *_: DIGEST)
    assert (checkout / SOURCE).read_text() == before


def test_an_image_that_the_file_does_not_hold_is_an_error(checkout: Path) -> None:
    stranger = Image(
        repository="r.example/x", tag="1", tag_only=TagOnly(reason="new", expires=date(2030, 1, 1))
    )
    with pytest.raises(OperatorError, match=r"r\.example/x:1 stands there 0 times"):
        renew(checkout, images=(stranger,), ask=lambda *_: DIGEST)
