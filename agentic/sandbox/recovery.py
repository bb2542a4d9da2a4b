"""Puts a sandbox right after a run that was killed: locks of the dead, half-done operations, a lost AWS.

Nothing here guesses. A lock goes only when its process is gone. Half-done operations are dropped from the
engine's state because the providers remember them better: a creation that went through is adopted under the
id in their journal when the engine asks for it again, and an update or deletion that went through is found
done. On a real account that memory does not exist and an operator decides; docs/sandbox.md says how.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from pulumi.automation import LocalWorkspace

from agentic.sandbox import checkpoint
from agentic.sandbox.checkpoint import Checkpoint
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.layout import Layout

Say = Callable[[str], None]


def release_stale_locks(layout: Layout, say: Say) -> None:
    """Remove the locks of engines that are gone; refuse while one still works on this sandbox."""
    for lock in checkpoint.locks(layout):
        if lock.is_held:
            raise SandboxError(
                f"an engine still works on this sandbox (pid {lock.pid} on {lock.host}, since {lock.since})",
                remedy=f"wait for it, or stop it with `kill {lock.pid}`; the next run continues from there",
            )
        lock.path.unlink(missing_ok=True)
        # It was killed between writing a checkpoint and putting it in the place of the old one, perhaps.
        for unfinished in (layout.state / ".pulumi").rglob("*.tmp"):
            unfinished.unlink(missing_ok=True)
        say(f"an engine (pid {lock.pid}) was killed here; its lock is removed")


def drop_pending(workspace: LocalWorkspace, layout: Layout, found: Checkpoint, say: Say) -> None:
    """Take half-done operations out of the state, by the engine's own export and import."""
    if not found.pending:
        return
    command, work, environment = workspace.pulumi_command, str(layout.work), dict(workspace.env_vars)
    stack = ["--stack", layout.stack]
    exported = command.run(["stack", "export", *stack], work, environment)
    file = layout.home / "recovered.json"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(exported.stdout)
        command.run(["stack", "import", "--file", str(file), *stack], work, environment)
    finally:
        file.unlink(missing_ok=True)
    kinds = ", ".join(
        sorted({f"{operation.kind} {operation.urn.rpartition('::')[2]}" for operation in found.pending})
    )
    say(f"the last run was cut off while {kinds}; what had been made is taken over, nothing is made twice")


def forget_lost_world(workspace: LocalWorkspace, layout: Layout, found: Checkpoint, say: Say) -> None:
    """After the AWS server died: what lived in it, the cluster's objects included, is gone with it.

    A refresh could not say so: the objects of a cluster that is gone cannot be asked for.
    """
    workspace.remove_stack(layout.stack, force=True, preserve_config=True)
    workspace.create_stack(layout.stack)
    forget_store(layout)
    say(
        f"the AWS of this sandbox lived in a process that ended, and {len(found.custom)} resources with it: "
        "the engine's state forgets them too"
    )


def forget_store(layout: Layout) -> None:
    """Remove the sqlite file and the two that belong to it."""
    for suffix in ("", "-wal", "-shm"):
        layout.store.with_name(layout.store.name + suffix).unlink(missing_ok=True)
