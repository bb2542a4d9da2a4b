"""The API server of a sandbox outlives the run that started it and nothing else: it ends with its sandbox."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agentic.rehearsal.objects import Objects, Ref
from agentic.rehearsal.tools import Program, Tools
from agentic.sandbox import api_server, process
from agentic.sandbox.api_server import Server
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.kubernetes.managers import manager_of

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

CIDR = "172.20.0.0/16"
REF = Ref("v1", "ConfigMap", "default", "kept")
BODY = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept", "namespace": "default"}}


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    made = Layout(tmp_path, "test")
    yield made
    api_server.stop(made)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTIC_SANDBOX_ORPHAN_CHECK_SECONDS", "0.1")


def _running_below(home: Path) -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").resolve().is_relative_to(home):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _ends(what: object, seconds: float = 60) -> bool:
    assert callable(what)
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(what())


def _objects(server: Server) -> Objects:
    return Objects(server.client())


def test_a_started_server_is_found_again_and_ends_when_it_is_stopped(layout: Layout, programs: Tools) -> None:
    assert not api_server.is_used(layout)
    server = api_server.start(layout, programs, CIDR)
    assert server.url.startswith("https://127.0.0.1:")
    assert api_server.is_used(layout)
    assert api_server.start(layout, programs, CIDR) == server
    assert layout.api_record.stat().st_mode & 0o777 == 0o600
    assert len(_running_below(layout.api_server)) == 3
    assert api_server.stop(layout)
    assert _running_below(layout.home) == []
    assert not api_server.is_used(layout)
    assert not api_server.stop(layout)


def test_ctrl_c_is_for_the_run_and_not_for_the_server(layout: Layout, programs: Tools) -> None:
    server = api_server.start(layout, programs, CIDR)
    os.kill(server.pid, signal.SIGINT)
    time.sleep(0.5)
    assert server.is_healthy()
    assert os.getpgid(server.pid) != os.getpgid(0), "a terminal's Ctrl-C goes to a whole group"


def test_a_killed_server_is_started_again_with_all_it_had(layout: Layout, programs: Tools) -> None:
    first = api_server.start(layout, programs, CIDR)
    _objects(first).apply({**BODY, "data": {"a": "b"}}, manager=manager_of("urn"))
    os.kill(first.pid, signal.SIGKILL)
    assert _ends(lambda: not first.is_running())
    again = api_server.start(layout, programs, CIDR)
    assert again.pid != first.pid
    assert _objects(again).get(REF)["data"] == {"a": "b"}
    assert len(_running_below(layout.api_server)) == 3, "those that the killed one had started are gone"


def test_where_one_of_its_processes_ends_all_end(layout: Layout, programs: Tools) -> None:
    server = api_server.start(layout, programs, CIDR)
    (etcd,) = (
        pid for pid in _running_below(layout.api_server) if "etcd" in process.command_line(pid).split()[0]
    )
    os.kill(etcd, signal.SIGKILL)
    assert _ends(lambda: not server.is_running())
    assert _running_below(layout.api_server) == []


def test_a_sandbox_removed_by_hand_takes_its_server_along(layout: Layout, programs: Tools) -> None:
    server = api_server.start(layout, programs, CIDR)
    pids = _running_below(layout.api_server)
    shutil.rmtree(layout.home)
    assert _ends(lambda: not server.is_running())
    assert _ends(lambda: all(process.birth(pid) is None for pid in pids))


def test_a_server_that_does_not_start_says_why_and_leaves_nothing_running(
    layout: Layout, programs: Tools, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'panic: no room' >&2\nexit 2\n")
    broken.chmod(0o755)
    tools = replace(programs, api_server=Program(broken, "1.35.4"))
    with pytest.raises(SandboxError) as failed:
        api_server.start(layout, tools, CIDR)
    assert "the API server did not start: kube-apiserver ended with code 2:\n    panic: no room" in str(
        failed.value
    )
    assert _running_below(layout.api_server) == []
