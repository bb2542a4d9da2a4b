"""Turns the end of a failed engine run into the one message that says why, in the words of whoever knew."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi.automation.errors import CommandError

from agentic.sandbox.command import EngineCommand
from agentic.sandbox.errors import EngineFailed, Interrupted
from agentic.sandbox.tally import Problem, Tally

_AFTERMATH = ("the client connection is closing", "exited prematurely")
"""What the engine says of calls and providers that it cut off itself, after a resource had failed."""


def explained(
    failure: CommandError, label: str, command: EngineCommand, tally: Tally, raised: Sequence[Exception]
) -> Exception:
    """The error to raise; `raised` is what the inline program raised in our own process."""
    again = f"run `agentic sandbox {label}` again: it continues from here"
    mend = f"mend the cause, then {again}"
    if command.interrupts:
        return Interrupted(f"{label} was interrupted; the state is whole", remedy=again)
    if command.killed_by:
        return EngineFailed(
            f"the engine was killed (signal {command.killed_by}) during {label}", remedy=again
        )
    if raised:
        # A config error is complete as it is; anything else is a fault in the program and keeps its trace.
        return raised[0]
    errors = [p for p in tally.problems if p.severity == "error" and not _says_nothing(p)]
    if tally.failed:
        errors = [p for p in errors if p.urn or not any(words in p.message for words in _AFTERMATH)]
    if not errors:
        return EngineFailed(f"{label} failed: {_last_line(failure)}", remedy=mend)
    lines = [f"  {_name(problem)}: {problem.message}" for problem in errors]
    return EngineFailed("\n".join([f"{label} failed", *lines]), remedy=mend)


def _name(problem: Problem) -> str:
    parts = problem.urn.split("::")
    return f"{parts[2].rpartition('$')[2]} {parts[3]}" if len(parts) > 3 else "engine"


def _says_nothing(problem: Problem) -> bool:
    """The engine ends every failed run with `update failed`, which the others explain."""
    return not problem.urn and problem.message.endswith("failed")


def _last_line(failure: CommandError) -> str:
    lines = [line for line in str(failure).splitlines() if line.strip()]
    return lines[-1].strip() if lines else "the engine gave no reason"
