"""An API server that lives as long as its block: nobody else can use it, and nothing of it stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import pytest

from agentic.rehearsal import server_setup
from agentic.rehearsal.api_server import PORT_ATTEMPTS, START_SECONDS, ApiServer
from agentic.rehearsal.client import Client, Refused
from agentic.rehearsal.errors import ServerFailed
from agentic.rehearsal.objects import NoSuchKind, Ref
from agentic.rehearsal.processes import PREFIX
from agentic.rehearsal.tools import Program, Tools
from tests.agentic.rehearsal.conftest import ROOT

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

Refusal = Callable[[Callable[[], object]], str]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of one's own, to see what is left in it."""
    directory = tmp_path_factory.mktemp("home")
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


def _running_below(home: Path) -> list[int]:
    """Processes whose working directory is there."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").resolve().is_relative_to(home):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_it_answers_as_the_kubernetes_it_is(server: ApiServer, programs: Tools) -> None:
    assert server.version == programs.api_server.version
    assert server.url.startswith("https://127.0.0.1:")
    assert server.objects.kinds.find("apps/v1", "Deployment") is not None


def test_an_object_can_be_made_read_and_removed(server: ApiServer, refusal: Refusal) -> None:
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": "default"}}
    server.create(manifest)
    ref = Ref.of(manifest)
    assert server.objects.get(ref)["metadata"]["name"] == "x"
    assert refusal(lambda: server.create(manifest)) == 'configmaps "x" already exists'
    server.objects.delete(ref)
    server.objects.delete(ref)
    assert server.objects.get(ref) is None


def test_a_kind_that_is_not_served_is_named(server: ApiServer) -> None:
    with pytest.raises(NoSuchKind, match=r'no matches for kind "Thing" in version "example\.com/v1"'):
        server.create({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}})


def test_without_its_token_nobody_gets_an_answer(server: ApiServer) -> None:
    authority = server.authority
    stranger = Client(server.url, "guess", authority)
    with pytest.raises(Refused) as refused:
        stranger.request("GET", "/api/v1/namespaces")
    assert refused.value.code == 401
    stranger.close()


def test_a_client_trusts_no_other_certificate(server: ApiServer) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(server.url, timeout=5)


def test_after_the_block_nothing_is_left(programs: Tools, home: Path) -> None:
    with ApiServer(programs):
        assert len(_running_below(home)) == 3
    assert _running_below(home) == []
    assert list(home.iterdir()) == []


def test_an_error_inside_the_block_leaves_nothing_either(programs: Tools, home: Path) -> None:
    with pytest.raises(KeyboardInterrupt), ApiServer(programs):
        raise KeyboardInterrupt
    assert _running_below(home) == []
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_process_takes_its_server_with_it(
    programs: Tools, tmp_path: Path, number: signal.Signals
) -> None:
    script = (
        "import time\nfrom pathlib import Path\n"
        "from agentic.rehearsal import tools\nfrom agentic.rehearsal.api_server import ApiServer\n"
        f"with ApiServer(tools.locate(Path({str(ROOT)!r}))):\n    print('up', flush=True)\n    time.sleep(60)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert run.stdout is not None
    with run:
        assert run.stdout.readline() == b"up\n"
        run.send_signal(number)
        assert run.wait(120) != 0
    assert _running_below(tmp_path) == []
    assert not list(tmp_path.glob(f"{PREFIX}*"))


def test_a_port_that_somebody_took_costs_one_attempt(
    programs: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = iter([taken.getsockname()[1], server_setup.free_port()])
        monkeypatch.setattr(server_setup, "free_port", lambda: next(ports))
        with ApiServer(programs) as server:
            assert server.objects.get(Ref("v1", "Namespace", "", "default")) is not None


def test_where_every_port_is_taken_the_servers_own_words_say_so(
    programs: Tools, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        asked: list[int] = []

        def never_free() -> int:
            asked.append(1)
            return int(taken.getsockname()[1])

        monkeypatch.setattr(server_setup, "free_port", never_free)
        with pytest.raises(ServerFailed) as failed, ApiServer(programs):
            pass
    assert len(asked) == PORT_ATTEMPTS
    assert "kube-apiserver ended with code 1" in str(failed.value)
    assert "address already in use" in str(failed.value)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("part", "name"), [("etcd", "etcd"), ("controller_manager", "kube-controller-manager")]
)
def test_a_part_that_does_not_start_is_named_at_once(
    programs: Tools, tmp_path: Path, home: Path, part: str, name: str
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'panic: no room' >&2\nexit 2\n")
    broken.chmod(0o755)
    begun = time.monotonic()
    with (
        pytest.raises(ServerFailed) as failed,
        ApiServer(replace(programs, **{part: Program(broken, "1.0.0")})),
    ):
        pass
    assert f"{name} ended with code 2:\n    panic: no room" in str(failed.value)
    assert time.monotonic() - begun < START_SECONDS
    assert list(home.iterdir()) == []


def test_a_server_that_is_not_trusted_is_said_to_be_so(
    programs: Tools, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentic.rehearsal.api_server.START_SECONDS", 20.0)
    monkeypatch.setattr(Client, "__init__", partialmethod(_trusting_nobody, Client.__init__))
    with (
        pytest.raises(ServerFailed, match=r"asked last, it said: .*certificate verify failed"),
        ApiServer(programs),
    ):
        pass


def _trusting_nobody(self: Client, initially: Callable[..., None], url: str, token: str, _: str) -> None:
    initially(self, url, token, "")
