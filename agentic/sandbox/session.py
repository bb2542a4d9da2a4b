"""One sandbox: preview, up, refresh and destroy a stack on the real engine, resumable at any point."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pulumi.automation import Stack
from pulumi.automation.errors import CommandError
from rich.console import Console

from agentic.sandbox import aws_server, checkpoint, lock, recovery
from agentic.sandbox import engine as engines
from agentic.sandbox.aws_server import AwsServer
from agentic.sandbox.checkpoint import Checkpoint
from agentic.sandbox.command import EngineCommand
from agentic.sandbox.engine import Engine
from agentic.sandbox.errors import EngineFailed, Interrupted
from agentic.sandbox.layout import Layout
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.progress import Progress
from agentic.sandbox.tally import Problem
from agentic.sandbox.workspace import Program, prepare

Operate = Callable[[Stack, Progress], object]


@dataclass(frozen=True, slots=True)
class Options:
    """What one run may be told besides what to do."""

    faults: str = ""
    crds: Path | None = None
    expected: int | None = None


@dataclass(slots=True)
class Sandbox:
    """A stack on this machine. Every method holds the sandbox's lock and leaves a state the next can use."""

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

    def preview(self) -> Outcome:
        """What `up` would do; nothing is made."""
        return self._run(
            "preview", lambda stack, progress: stack.preview(on_event=progress.take, color="never")
        )

    def up(self) -> Outcome:
        """Make it so."""
        return self._run("up", lambda stack, progress: stack.up(on_event=progress.take, color="never"))

    def refresh(self) -> Outcome:
        """Look at everything that was made and note what is different."""
        return self._run("refresh", _refresh)

    def destroy(self) -> Outcome:
        """Remove everything the stack made."""
        return self._run(
            "destroy", lambda stack, progress: stack.destroy(on_event=progress.take, color="never")
        )

    def _run(self, action: str, operate: Operate) -> Outcome:
        with lock.exclusive(self.layout.lock, f"agentic sandbox {action} {self.program.stack}"):
            notes: list[str] = []
            with self._ready(notes.append) as (command, stack):
                return replace(self._operate(action, operate, command, stack), notes=tuple(notes))

    @contextmanager
    def _ready(self, note: Callable[[str], None]) -> Generator[tuple[EngineCommand, Stack]]:
        """Everything a run needs, with what a killed one left behind put right."""

        def say(line: str) -> None:
            note(line)
            self.console.print(line, highlight=False, emoji=False, soft_wrap=True)

        recovery.release_stale_locks(self.layout, say)
        engine = self.engine or engines.provide(self.root, say)
        found, lost = self.state, False
        if found.custom and not _answers(aws_server.recorded(self.layout)):
            recovery.forget_lost_world(self.layout, found, say)
            lost = True
        server = aws_server.start(self.layout, self.program.account_id)
        command = EngineCommand(engine, lambda count: say(_on_interrupt(count)))
        stack = self._stack(command, server)
        recovery.drop_pending(stack.workspace, self.layout, found, say)  # type: ignore[arg-type]
        if lost:
            self._operate("refresh", _refresh, command, stack)
        yield command, stack

    def _stack(self, command: EngineCommand, server: AwsServer) -> Stack:
        environment = {"AGENTIC_SANDBOX_MOTO": server.url, "AGENTIC_SANDBOX_FAULTS": self.options.faults}
        if self.options.crds:
            environment["AGENTIC_SANDBOX_CRDS"] = str(self.options.crds)
        return Stack.create_or_select(
            self.program.stack, prepare(self.layout, self.program, command, environment)
        )

    def _operate(self, action: str, operate: Operate, command: EngineCommand, stack: Stack) -> Outcome:
        raised: list[Exception] = []
        stack.workspace.program = _watched(self.program.run, raised)
        label = f"{action} {self.program.stack}"
        with Progress(
            self.console, label, expected=self.options.expected, preview=action == "preview"
        ) as progress:
            try:
                done = operate(stack, progress)
            except CommandError as failure:
                raise _explained(failure, label, command, progress, raised) from None
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


def _refresh(stack: Stack, progress: Progress) -> object:
    return stack.refresh(on_event=progress.take, color="never")


def _answers(server: AwsServer | None) -> bool:
    return server is not None and server.is_healthy()


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


def _explained(
    failure: CommandError, label: str, command: EngineCommand, progress: Progress, raised: Iterable[Exception]
) -> Exception:
    """The one error that says why, in the words of whoever knew."""
    again = f"run `agentic sandbox {label}` again: it continues from here"
    if command.interrupts:
        return Interrupted(f"{label} was interrupted; the state is whole", remedy=again)
    if command.killed_by:
        return EngineFailed(
            f"the engine was killed (signal {command.killed_by}) during {label}", remedy=again
        )
    for error in raised:
        # A config error is complete as it is; anything else is a fault in the program and keeps its trace.
        return error
    errors = [p for p in progress.tally.problems if p.severity == "error" and not _says_nothing(p)]
    if not errors:
        return EngineFailed(f"{label} failed: {_last_line(failure)}", remedy=again)
    lines = [f"  {problem.urn.rpartition('::')[2] or 'engine'}: {problem.message}" for problem in errors]
    return EngineFailed("\n".join([f"{label} failed", *lines]), remedy=again)


def _says_nothing(problem: Problem) -> bool:
    """The engine ends every failed run with `update failed`, which the others explain."""
    return not problem.urn and problem.message.endswith("failed")


def _last_line(failure: CommandError) -> str:
    lines = [line for line in str(failure).splitlines() if line.strip()]
    return lines[-1].strip() if lines else "the engine gave no reason"
