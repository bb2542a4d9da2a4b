"""What is in a sandbox, found without changing anything in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agentic.sandbox import checkpoint, report
from agentic.sandbox import engine as engines
from agentic.sandbox.aws_server import AwsServer
from agentic.sandbox.engine import Engine
from agentic.sandbox.inventory import Inventory
from agentic.sandbox.session import Sandbox


@dataclass(frozen=True, slots=True)
class Status:
    """A sandbox as it is."""

    sandbox: Sandbox
    engine: Engine | None
    server: AwsServer | None
    inventory: Inventory
    resources: int
    pending: tuple[str, ...]
    locks: tuple[str, ...]

    def lines(self) -> list[str]:
        """For people."""
        engine = f"{self.engine.version} {self.engine.path}" if self.engine else "none yet; `up` gets one"
        found = [
            f"engine     {engine}",
            f"resources  {self.resources} in the engine's state",
            *(f"cut off    {name}; the next run takes over" for name in self.pending),
            *(f"lock       {name}" for name in self.locks),
            *(f"exists     {line}" for line in self.inventory.lines()),
            *report.limits(self.sandbox.layout),
            *report.places(self.sandbox.layout, self.server, self.sandbox.program.account_id),
        ]
        if self.resources and self.server is None:
            found.append("AWS lived in a process that ended; the next run forgets what was in it")
        return found

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return {
            "stack": self.sandbox.program.stack,
            "engine": {"path": str(self.engine.path), "version": self.engine.version}
            if self.engine
            else None,
            "aws": {"url": self.server.url, "pid": self.server.pid} if self.server else None,
            "resources": self.resources,
            "pending": list(self.pending),
            "locks": list(self.locks),
            "inventory": {kind: list(names) for kind, names in self.inventory.things.items()},
        }


def of(sandbox: Sandbox) -> Status:
    """The status of one sandbox."""
    state = sandbox.state
    return Status(
        sandbox=sandbox,
        engine=engines.locate(),
        server=sandbox.server,
        inventory=sandbox.inventory(),
        resources=len(state.resources),
        pending=tuple(f"{op.kind} {op.urn.rpartition('::')[2]}" for op in state.pending),
        locks=tuple(
            f"pid {lock.pid}, {'at work' if lock.is_held else 'gone: the next run removes the lock'}"
            for lock in checkpoint.locks(sandbox.layout)
        ),
    )
