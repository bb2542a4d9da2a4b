"""Proves (our plugins as processes): a plugin prints its port, ends with its engine, and finishes what it had begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from agentic.sandbox.process import birth
from agentic.sandbox.providers.database import Database

PATIENCE_SECONDS = 60.0


@contextmanager
def _plugin(directory: Path, package: str = "eks", **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = {"AGENTIC_SANDBOX_DIR": str(directory), "AGENTIC_SANDBOX_MOTO": "http://127.0.0.1:1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "agentic.sandbox.providers", package],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **settings, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def _stub(process: subprocess.Popen[bytes]) -> provider_pb2_grpc.ResourceProviderStub:
    assert process.stdout is not None
    port = int(process.stdout.readline())
    return provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))


@pytest.mark.parametrize("package", ["aws", "eks", "kubernetes"])
def test_a_plugin_answers_on_the_port_it_prints_with_the_version_of_the_sdk(
    tmp_path: Path, package: str
) -> None:
    with _plugin(tmp_path, package) as process:
        answer = _stub(process).GetPluginInfo(empty_pb2.Empty())
        assert answer.version == version(f"pulumi-{package}")


def test_a_plugin_ends_when_the_engine_closes_its_input(tmp_path: Path) -> None:
    with _plugin(tmp_path) as process:
        _stub(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_plugin_ends_when_it_is_asked_to(tmp_path: Path, number: int) -> None:
    with _plugin(tmp_path) as process:
        _stub(process)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_plugin_ends_when_its_engine_is_killed(tmp_path: Path) -> None:
    """The stand-in for the engine holds no pipe to the plugin: only its death tells."""
    script = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-m', 'agentic.sandbox.providers', 'eks'],"
        " stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)\n"
        "p.stdout.readline()\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    settings = {"AGENTIC_SANDBOX_DIR": str(tmp_path), "AGENTIC_SANDBOX_MOTO": "http://127.0.0.1:1"}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, **settings}
    ) as engine:
        assert engine.stdout is not None
        plugin = int(engine.stdout.readline())
        engine.kill()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _runs(plugin) and time.monotonic() < deadline:
            time.sleep(0.05)
    still_there = _runs(plugin)
    if still_there:
        os.kill(plugin, signal.SIGKILL)
    assert not still_there


def _runs(pid: int) -> bool:
    return birth(pid) is not None


def test_a_call_in_flight_is_finished_and_noted_before_the_plugin_ends(tmp_path: Path, moto: str) -> None:
    urn = "urn:pulumi:dev::p::aws:sqs/queue:Queue::q"
    # A second a call: the engine is gone while the creation is at its first.
    environment = {"AGENTIC_SANDBOX_MOTO": moto, "AGENTIC_SANDBOX_FAULTS": "slow=1"}
    with _plugin(tmp_path, "aws", **environment) as process:
        stub = _stub(process)
        configured = provider_pb2.ConfigureRequest()
        configured.args.update({"region": "us-east-1"})
        stub.Configure(configured)
        asked = provider_pb2.CreateRequest(urn=urn, name="q")
        asked.properties.update({"name": f"in-flight-{os.getpid()}"})
        answer = stub.Create.future(asked)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _creations(tmp_path) != [("intent", None)] and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE_SECONDS) == 0
        answer.cancel()
    ((state, identity),) = _creations(tmp_path)
    assert state == "live"
    assert str(identity).endswith(f"/in-flight-{os.getpid()}")


def _creations(directory: Path) -> list[tuple[str, str | None]]:
    database = Database(directory)
    try:
        return database.connection.execute("SELECT state, id FROM creation WHERE state != 'gone'").fetchall()
    finally:
        database.close()


def test_an_unknown_package_and_a_missing_sandbox_are_one_line_each() -> None:
    command = [sys.executable, "-m", "agentic.sandbox.providers"]
    bare = {k: v for k, v in os.environ.items() if not k.startswith("AGENTIC_")}
    for arguments, line in (
        (["gcp"], "usage: python -m agentic.sandbox.providers aws|eks|kubernetes"),
        (
            ["aws"],
            "AGENTIC_SANDBOX_DIR and AGENTIC_SANDBOX_MOTO not set: start the plugins through `agentic sandbox`",
        ),
    ):
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, env=bare, check=False)
        assert done.returncode == 2
        assert line in done.stderr
        assert "Traceback" not in done.stderr
