"""One sandbox: preview, up, refresh and destroy a stack on the real engine, resumable at any point."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from pulumi.automation import LocalWorkspace, Stack
from pulumi.automation.errors import CommandError
from pulumi.automation.events import EngineEvent
from rich.console import Console

from agentic.plan.runtime import callback_servers_kept_apart
from agentic.sandbox import api_server, aws_server, checkpoint, cluster, inventory, lock, orphans, recovery
from agentic.sandbox import engine as engines
from agentic.sandbox.aws_server import AwsServer
from agentic.sandbox.checkpoint import Checkpoint
from agentic.sandbox.command import EngineCommand
from agentic.sandbox.engine import Engine
from agentic.sandbox.failure import explained
from agentic.sandbox.inventory import Inventory
from agentic.sandbox.layout import Layout
from agentic.sandbox.loopback import ask_directly
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.progress import Progress
from agentic.sandbox.workspace import Program, prepare

# The Automation API warns when the engine it listens to is killed; we report that ourselves.
warnings.filterwarnings("ignore", message="Error in event stream", module=r"pulumi\.automation")

Operate = Callable[[Stack, Progress], object]


@dataclass(frozen=True, slots=True)
class Options:
    """What one run may be told besides what to do."""

    faults: str = ""
    crds: Path | None = None
    api_server: bool = False
    """Keep cluster objects in a real API server; a sandbox that does so does so until it is destroyed."""
    expected: int | None = None
    parallel: int | None = None
    watch: Callable[[EngineEvent], None] | None = None


@dataclass(slots=True)
class Sandbox:
    """A stack on this machine. Every run holds the sandbox's lock and leaves a state the next can use."""

    root: Path
    program: Program
    console: Console = field(default_factory=lambda: Console(stderr=True))
    options: Options = field(default_factory=Options)
    engine: Engine | None = None

    @property
    def layout(self) -> Layout:
        """Where its files are."""
        return Layout(self.root, self.program.stack)

    @property
    def state(self) -> Checkpoint:
        """What the engine remembers."""
        return checkpoint.read(self.layout, self.program.project)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs as the last `up` left them; secret ones are not shown."""
        return dict(self.state.outputs)

    @property
    def server(self) -> AwsServer | None:
        """The AWS that answers, if one does."""
        known = aws_server.recorded(self.layout)
        return known if known and known.is_healthy() else None

    def inventory(self) -> Inventory:
        """What exists, by asking AWS and the store themselves."""
        server = self.server
        return inventory.take(self.layout, server.url if server else None, self.program.region)

    @property
    def api_server(self) -> api_server.Server | None:
        """The API server that answers, if there is one and it does."""
        known = api_server.recorded(self.layout)
        return known if known and known.is_healthy() else None

    def preview(self) -> Outcome:
        """What `up` would do; nothing is made."""

        def operate(stack: Stack, progress: Progress) -> object:
            return stack.preview(on_event=progress.take, color="never", parallel=self.options.parallel)

        return self._run("preview", operate)

    def up(self) -> Outcome:
        """Make it so, and remove what an earlier, killed run made and nobody wants any more."""

        def operate(stack: Stack, progress: Progress) -> object:
            return stack.up(on_event=progress.take, color="never", parallel=self.options.parallel)

        return self._run("up", operate, after=self._remove_orphans)

    def refresh(self) -> Outcome:
        """Look at everything that was made and note what is different."""

        def operate(stack: Stack, progress: Progress) -> object:
            return stack.refresh(on_event=progress.take, color="never", parallel=self.options.parallel)

        return self._run("refresh", operate)

    def destroy(self) -> Outcome:
        """Remove everything the stack made, and what a killed run made besides."""

        def operate(stack: Stack, progress: Progress) -> object:
            return stack.destroy(on_event=progress.take, color="never", parallel=self.options.parallel)

        # Orphans first: one of them can hold a thing of the state that would otherwise refuse to go.
        return self._run("destroy", operate, before=self._remove_orphans)

    def unprotect(self) -> None:
        """Take the protection off every resource of this rehearsal; the stack's config stays as it is."""
        purpose = f"agentic sandbox destroy {self.program.stack}"
        with lock.exclusive(self.layout.lock, purpose), self._ready(self._say) as (command, stack):
            command.run(
                ["state", "unprotect", "--all", "--yes", "--stack", self.program.stack],
                str(self.layout.work),
                cast("LocalWorkspace", stack.workspace).env_vars,
            )

    def close(self) -> None:
        """Stop every server and forget everything but logs; for a sandbox whose destroy is done."""
        with lock.exclusive(self.layout.lock, f"agentic sandbox destroy {self.program.stack}"):
            aws_server.stop(self.layout)
            api_server.stop(self.layout)
            for path in (self.layout.state, self.layout.work, self.layout.engine_home, self.layout.launchers):
                shutil.rmtree(path, ignore_errors=True)
            recovery.forget_store(self.layout)
            self.layout.passphrase.unlink(missing_ok=True)

    def _run(
        self,
        action: str,
        operate: Operate,
        *,
        before: Callable[[Callable[[str], None]], None] | None = None,
        after: Callable[[Callable[[str], None]], None] | None = None,
    ) -> Outcome:
        with lock.exclusive(self.layout.lock, f"agentic sandbox {action} {self.program.stack}"):
            notes: list[str] = []

            def say(line: str) -> None:
                notes.append(line)
                self._say(line)

            with self._ready(say) as (command, stack):
                if before:
                    before(say)
                outcome = self._operate(action, operate, command, stack)
                if after:
                    after(say)
                return replace(outcome, notes=tuple(notes))

    @contextmanager
    def _ready(self, say: Callable[[str], None]) -> Generator[tuple[EngineCommand, Stack]]:
        """Everything a run needs, with what a killed one left behind put right."""
        ask_directly(os.environ)
        recovery.release_stale_locks(self.layout, say)
        engine = self.engine or engines.provide(self.root, say)
        self.engine = engine
        found = self.state
        lost = bool(found.custom) and self.server is None
        if lost:
            cluster.forget(self.layout, say)
        objects = cluster.provide(
            self.root,
            self.layout,
            self.program,
            found,
            wanted=self.options.api_server,
            crds=self.options.crds,
            say=say,
        )
        server = aws_server.start(self.layout, self.program.account_id)
        command = EngineCommand(engine, lambda count: say(_on_interrupt(count)))
        stack = self._stack(command, server, objects)
        workspace = cast("LocalWorkspace", stack.workspace)
        if lost:
            recovery.forget_lost_world(workspace, self.layout, found, say)
        else:
            recovery.drop_pending(workspace, self.layout, found, say)
        yield command, stack

    def _stack(self, command: EngineCommand, server: AwsServer, objects: dict[str, str]) -> Stack:
        environment = {
            "AGENTIC_SANDBOX_MOTO": server.url,
            "AGENTIC_SANDBOX_FAULTS": self.options.faults,
            **objects,
        }
        workspace = prepare(self.layout, self.program, command, environment)
        return Stack.create_or_select(self.program.stack, workspace)

    def _operate(self, action: str, operate: Operate, command: EngineCommand, stack: Stack) -> Outcome:
        raised: list[Exception] = []
        stack.workspace.program = _watched(self.program.run, raised)
        label = f"{action} {self.program.stack}"
        progress = Progress(
            self.console,
            label,
            expected=self.options.expected,
            preview=action == "preview",
            watch=self.options.watch,
        )
        with progress, callback_servers_kept_apart():
            try:
                done = operate(stack, progress)
            except CommandError as failure:
                raise explained(failure, label, command, progress.tally, raised) from None
        tally = progress.tally
        outputs: dict[str, Any] = getattr(done, "outputs", None) or {}
        return Outcome(
            action=action,
            stack=self.program.stack,
            seconds=tally.seconds,
            steps=tuple(tally.steps),
            same=tally.same,
            summary=dict(tally.summary),
            outputs={name: "[secret]" if out.secret else out.value for name, out in outputs.items()},
        )

    def _remove_orphans(self, say: Callable[[str], None]) -> None:
        server = self.server
        if server:
            orphans.remove(self.layout, self.state, server.url, say)

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, emoji=False, soft_wrap=True)


def _watched(run: Callable[[], None], raised: list[Exception]) -> Callable[[], None]:
    """The program, with what it raises kept for us: the engine passes on only text."""

    def watched() -> None:
        try:
            run()
        except Exception as error:
            raised.append(error)
            raise

    return watched


def _on_interrupt(count: int) -> str:
    if count == 1:
        return "interrupted: finishing what is under way, then stopping (Ctrl-C again stops at once)"
    return "stopping at once: the next run takes over what was under way"
