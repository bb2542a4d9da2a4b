"""Reads the engine's state file and its locks, without asking the engine.

The file backend replaces its files atomically, so a reader always sees one whole checkpoint. Writing is left
to the engine: recovery goes through `stack import`.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from agentic.sandbox import process
from agentic.sandbox.layout import Layout

# How the engine marks an encrypted value in its state file (pulumi sdk `rpc.py`).
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a type tag
# The kernel states when it booted in whole seconds.
CLOCK_SLACK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class StateResource:
    """One resource as the engine remembers it."""

    urn: str
    type: str
    id: str
    custom: bool
    protected: bool = False
    retained: bool = False


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """What the engine was doing when it was last seen."""

    kind: str
    urn: str


@dataclass(frozen=True, slots=True)
class EngineLock:
    """A lock file of the backend and the process that wrote it."""

    path: Path
    pid: int
    host: str
    since: str

    @property
    def is_held(self) -> bool:
        """Whether its engine may still run: another host's is assumed to, a recycled pid is recognised."""
        if self.host != socket.gethostname():
            return True
        started = process.started_at(self.pid)
        if started is None:
            return False
        # A process that began after the lock was written is another one under the same pid.
        return started <= datetime.fromisoformat(self.since).timestamp() + CLOCK_SLACK_SECONDS


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything the engine holds about one stack; empty where there is no stack yet."""

    path: Path
    exists: bool
    resources: tuple[StateResource, ...]
    pending: tuple[PendingOperation, ...]
    providers: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def custom(self) -> tuple[StateResource, ...]:
        """Resources that stand for something outside the engine; providers are not."""
        return tuple(r for r in self.resources if r.custom and not r.type.startswith("pulumi:"))


def read(layout: Layout, project: str) -> Checkpoint:
    """The last checkpoint that was written whole."""
    path = layout.state / ".pulumi" / "stacks" / project / f"{layout.stack}.json"
    try:
        latest: dict[str, Any] = json.loads(path.read_text())["checkpoint"].get("latest") or {}
    except FileNotFoundError:
        return Checkpoint(path, False, (), ())
    entries: list[dict[str, Any]] = latest.get("resources") or []
    operations: list[dict[str, Any]] = latest.get("pending_operations") or []
    return Checkpoint(
        path=path,
        exists=True,
        resources=tuple(_resource(entry) for entry in entries),
        providers={
            entry["type"].rpartition(":")[2]: entry.get("inputs") or {}
            for entry in entries
            if entry["type"].startswith("pulumi:providers:")
        },
        outputs=_shown(next((e for e in entries if e["type"] == "pulumi:pulumi:Stack"), dict[str, Any]())),
        pending=tuple(PendingOperation(entry["type"], entry["resource"]["urn"]) for entry in operations),
    )


def locks(layout: Layout) -> Iterator[EngineLock]:
    """The locks engines left in this backend, held or not."""
    for path in sorted((layout.state / ".pulumi" / "locks").rglob("*.json")):
        try:
            content: dict[str, Any] = json.loads(path.read_text())
            yield EngineLock(path, int(content["pid"]), str(content["hostname"]), str(content["timestamp"]))
        except (OSError, ValueError, KeyError):
            # Killed while writing it: the file names no holder, but an engine would stop at it.
            yield EngineLock(path, 0, socket.gethostname(), "1970-01-01T00:00:00+00:00")


def _shown(stack: dict[str, Any]) -> dict[str, Any]:
    """Outputs without what the engine keeps encrypted."""
    outputs: dict[str, Any] = stack.get("outputs") or {}
    return {
        name: "[secret]" if SECRET_MARK in json.dumps(value) else value for name, value in outputs.items()
    }


def _resource(entry: dict[str, Any]) -> StateResource:
    return StateResource(
        urn=entry["urn"],
        type=entry["type"],
        id=entry.get("id", ""),
        custom=bool(entry.get("custom")),
        protected=bool(entry.get("protect")),
        retained=bool(entry.get("retainOnDelete")),
    )
