"""State and locks are read as the engine left them; a lock of the dead is told from one at work."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agentic.sandbox import checkpoint, recovery
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout

PROJECT = "agentic-platform"
VPC = "urn:pulumi:dev::agentic-platform::aws:ec2/vpc:Vpc::network"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path, "dev")
    layout.create()
    return layout


def _write(layout: Layout, latest: dict[str, Any] | None) -> None:
    path = layout.state / ".pulumi" / "stacks" / PROJECT / "dev.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "dev", "latest": latest}}))


def _lock(layout: Layout, pid: int, *, host: str | None = None, age: timedelta = timedelta(0)) -> Path:
    path = layout.state / ".pulumi" / "locks" / "organization" / PROJECT / "dev" / "some-id.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    since = (datetime.now(UTC) - age).isoformat()
    content = {"pid": pid, "username": "me", "hostname": host or socket.gethostname(), "timestamp": since}
    path.write_text(json.dumps(content))
    return path


def _dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_no_state_is_an_empty_one(layout: Layout) -> None:
    found = checkpoint.read(layout, PROJECT)
    assert not found.exists
    assert found.resources == ()


def test_a_stack_without_resources_is_empty_too(layout: Layout) -> None:
    _write(layout, None)
    assert checkpoint.read(layout, PROJECT).exists
    assert checkpoint.read(layout, PROJECT).resources == ()


def test_resources_providers_outputs_and_half_done_operations_are_read(layout: Layout) -> None:
    provider = {
        "urn": "urn:pulumi:dev::p::pulumi:providers:aws::aws",
        "type": "pulumi:providers:aws",
        "id": "1",
        "custom": True,
        "inputs": {"region": "us-east-1"},
    }
    vpc = {"urn": VPC, "type": "aws:ec2/vpc:Vpc", "id": "vpc-1", "custom": True, "protect": True}
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    stack = {"urn": "urn:s", "type": "pulumi:pulumi:Stack", "outputs": {"name": "ai-dev", "token": secret}}
    pending = [{"type": "creating", "resource": {"urn": VPC, "type": "aws:ec2/vpc:Vpc"}}]
    _write(layout, {"resources": [stack, provider, vpc], "pending_operations": pending})
    found = checkpoint.read(layout, PROJECT)
    assert [resource.id for resource in found.custom] == ["vpc-1"]
    assert found.custom[0].protected
    assert found.providers == {"aws": {"region": "us-east-1"}}
    assert found.outputs == {"name": "ai-dev", "token": "[secret]"}
    assert [(operation.kind, operation.urn) for operation in found.pending] == [("creating", VPC)]


def test_the_lock_of_a_dead_engine_is_removed_with_what_it_was_writing_and_said(layout: Layout) -> None:
    pid = _dead_pid()
    path = _lock(layout, pid)
    half_written = layout.state / ".pulumi" / "stacks" / PROJECT / "dev.json.18eaa36dbeb3e299.tmp"
    half_written.parent.mkdir(parents=True)
    half_written.write_text("{")
    said: list[str] = []
    recovery.release_stale_locks(layout, said.append)
    assert not path.exists()
    assert not half_written.exists()
    assert said == [f"an engine (pid {pid}) was killed here; its lock is removed"]


def test_the_lock_of_an_engine_at_work_stays_and_refuses_the_run(layout: Layout) -> None:
    path = _lock(layout, os.getpid())
    with pytest.raises(SandboxError, match=rf"an engine still works on this sandbox \(pid {os.getpid()}"):
        recovery.release_stale_locks(layout, lambda _: None)
    assert path.exists()


def test_a_lock_older_than_the_process_that_has_its_pid_is_stale(layout: Layout) -> None:
    path = _lock(layout, os.getpid(), age=timedelta(days=300))
    recovery.release_stale_locks(layout, lambda _: None)
    assert not path.exists()


def test_the_lock_of_another_host_is_never_removed(layout: Layout) -> None:
    path = _lock(layout, _dead_pid(), host="somewhere-else")
    with pytest.raises(SandboxError, match="on somewhere-else"):
        recovery.release_stale_locks(layout, lambda _: None)
    assert path.exists()


def test_a_lock_file_cut_off_while_it_was_written_locks_nobody_out(layout: Layout) -> None:
    path = _lock(layout, os.getpid())
    path.write_text('{"pid": 1')
    recovery.release_stale_locks(layout, lambda _: None)
    assert not path.exists()
