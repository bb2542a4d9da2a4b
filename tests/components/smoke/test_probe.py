"""The probe itself, run for real on loopback: greetings, refusals, silence, and neighbours that come late."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from components.smoke.render import PROGRAM, program
from tests.ports import free_port

OWN, OTHER = "own namespace", "other tenant"
PATIENT = {"SETTLE_SECONDS": "60", "STAY_SECONDS": "120"}
"""Of neighbours who look for each other on a machine that is busy: nobody waits so long where they meet."""


@dataclass
class Probes:
    """Copies of the probe, each on a loopback address of its own."""

    directory: Path
    port: int = field(default_factory=free_port)
    running: ExitStack = field(default_factory=ExitStack)

    def start(
        self,
        address: str,
        peers: dict[str, list[Any]],
        targets: list[dict[str, Any]] | None = None,
        **env: str,
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(PROGRAM)],
            env={
                "PATH": os.environ["PATH"],
                "PORT": str(self.port),
                "LISTEN": address,
                "POD_IP": address,
                "PEERS": json.dumps(peers),
                "TARGETS": json.dumps(targets or []),
                "DNS_NAME": "localhost",
                "CONNECT_SECONDS": "0.3",
                "SETTLE_SECONDS": "2",
                "MEET_SECONDS": "20",
                "STAY_SECONDS": "0.5",
                "PAUSE_SECONDS": "0.1",
                **env,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.running.callback(end, process)
        return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def said(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]


def until_done(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """What it says up to its last line; it stays for its neighbours after that."""
    assert process.stdout is not None
    lines: list[dict[str, Any]] = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if "done" in lines[-1]:
            return lines
    raise AssertionError(f"it ended: {lines}")


def by_name(lines: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {line["probe"]: (line["found"], line["how"]) for line in lines if "probe" in line}


@pytest.fixture
def probes(tmp_path: Path) -> Iterator[Probes]:
    made = Probes(tmp_path)
    with made.running:
        yield made


@pytest.fixture
def silence() -> Iterator[int]:
    """A port where packets vanish, as where a policy drops them: a queue of connections that is full."""
    with ExitStack() as held:
        server = held.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            one = held.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        yield int(server.getsockname()[1])


def test_it_needs_nothing_but_the_standard_library() -> None:
    names = {
        line.split()[1].partition(".")[0]
        for line in program().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names <= sys.stdlib_module_names


def test_neighbours_greet_each_other(probes: Probes) -> None:
    first = probes.start("127.0.0.2", {OWN: ["127.0.0.3", 1, "allowed"]}, **PATIENT)
    second = probes.start("127.0.0.3", {OWN: ["127.0.0.2", 1, "allowed"]}, **PATIENT)
    for process in (first, second):
        lines = until_done(process)
        assert by_name(lines)[OWN] == ("allowed", "greeted")
        assert lines[-1]["differ"] == 0


def test_a_neighbour_that_comes_later_is_still_met(probes: Probes) -> None:
    first = probes.start("127.0.0.2", {OWN: ["127.0.0.3", 1, "allowed"]}, **PATIENT)
    time.sleep(1)
    second = probes.start("127.0.0.3", {OWN: ["127.0.0.2", 1, "allowed"]}, **PATIENT)
    assert by_name(until_done(first))[OWN] == ("allowed", "greeted")
    assert by_name(until_done(second))[OWN] == ("allowed", "greeted")


def test_silence_is_a_denial_and_a_refusal_by_the_host_is_not(probes: Probes, silence: int) -> None:
    targets = [
        {"name": "dropped", "host": "127.0.0.1", "port": silence, "expected": "denied"},
        {"name": "dropped, wanted", "host": "127.0.0.1", "port": silence, "expected": "allowed"},
        {"name": "nobody listens", "host": "127.0.0.1", "port": free_port(), "expected": "denied"},
    ]
    lines = said(probes.start("127.0.0.2", {}, targets))
    assert by_name(lines) == {
        "names are resolved": ("allowed", "an address"),
        "dropped": ("denied", "silence"),
        "dropped, wanted": ("denied", "silence"),
        "nobody listens": ("allowed", "refused by the host"),
    }
    assert (lines[-1]["done"], lines[-1]["differ"]) == (4, 2)


def test_an_open_door_that_was_to_be_closed_is_told(probes: Probes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = {
            "name": "open",
            "host": "127.0.0.1",
            "port": server.getsockname()[1],
            "expected": "denied",
        }
        lines = said(probes.start("127.0.0.2", {}, [target]))
    assert by_name(lines)["open"] == ("allowed", "connected")
    assert lines[-1]["differ"] == 1


def test_a_listener_that_says_nothing_of_ours_is_no_neighbour(probes: Probes) -> None:
    with socket.create_server(("127.0.0.4", probes.port)):
        lines = said(probes.start("127.0.0.2", {OTHER: ["127.0.0.4", 1, "denied"]}))
    assert by_name(lines)[OTHER][0] == "denied"


def test_a_door_that_closes_while_policies_arrive_counts_as_closed(probes: Probes, silence: int) -> None:
    port = free_port()
    server = socket.create_server(("127.0.0.1", port), backlog=64)
    target = {"name": "late", "host": "127.0.0.1", "port": port, "expected": "denied"}
    process = probes.start("127.0.0.2", {}, [target], SETTLE_SECONDS="60")
    server.settimeout(60)
    server.accept()[0].close()  # it has found the door open
    server.close()
    blocked = socket.socket()
    blocked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    blocked.bind(("127.0.0.1", port))
    blocked.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for one in fillers:
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
    try:
        assert by_name(said(process))["late"] == ("denied", "silence")
    finally:
        for one in (blocked, *fillers):
            one.close()


def test_neighbours_who_never_come_are_missed_by_name(probes: Probes) -> None:
    peers = {OTHER: ["nobody.invalid", 2, "denied"]}
    lines = said(probes.start("127.0.0.2", peers, MEET_SECONDS="0.5"))
    assert {"missing": OTHER, "found": 0, "wanted": 2, "source": "127.0.0.2"} in lines


def test_names_that_are_not_resolved_differ(probes: Probes) -> None:
    lines = said(probes.start("127.0.0.2", {}, DNS_NAME="nobody.invalid"))
    assert by_name(lines)["names are resolved"] == ("denied", "no address")
    assert lines[-1]["differ"] == 1
