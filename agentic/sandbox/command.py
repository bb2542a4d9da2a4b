"""Runs the engine so that Ctrl-C reaches it once, in order, and its state is whole when it ends.

The Automation API's own runner leaves the engine in the terminal's process group and abandons it when
Python raises KeyboardInterrupt: both then react to one key press, and the inline program is gone while the
engine still waits for it. Here the engine has a group of its own, the interrupt is passed on, and we stay.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from pulumi.automation import CommandResult, OnOutput, PulumiCommand
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from agentic.sandbox.engine import Engine, pinned_version

DRAIN_SECONDS = 1.0


class EngineCommand(PulumiCommand):
    """The engine found by `engine`, with its version already known."""

    def __init__(self, engine: Engine, on_interrupt: Callable[[int], None] | None = None) -> None:
        """Skip the version call of the base class: `engine` has made it."""
        self.command = str(engine.path)
        # An engine that does not say its version is taken for the pinned one; `engine` has said so.
        self.version = VersionInfo.parse(pinned_version() if engine.version == "unknown" else engine.version)
        self.interrupts = 0
        self.killed_by: int | None = None
        self._on_interrupt = on_interrupt

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Run one engine command to its end, passing interrupts on; raises the Automation API's errors."""
        process = subprocess.Popen(
            [self.command, "--non-interactive", *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=_environment(self.command, additional_env),
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        readers = _Reader(process.stdout, on_output), _Reader(process.stderr, on_error)
        with self._interrupts_go_to(process):
            code = process.wait()
        for reader in readers:
            # Something that outlives a killed engine may hold its pipes; what it says is no longer ours.
            reader.join(None if code >= 0 else DRAIN_SECONDS)
        out, err = readers
        if code < 0:
            self.killed_by = -code
        result = CommandResult(stdout=out.text, stderr=err.text, code=code)
        if code:
            raise create_command_error(result)
        return result

    @contextmanager
    def _interrupts_go_to(self, process: subprocess.Popen[str]) -> Generator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def pass_on(_number: int, _frame: FrameType | None) -> None:
            self.interrupts += 1
            if self._on_interrupt:
                self._on_interrupt(self.interrupts)
            if process.poll() is None:
                # The engine's rule: the first finishes what is under way, the second stops at once.
                process.send_signal(signal.SIGINT)

        previous = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


class _Reader(threading.Thread):
    """Collects one output stream line by line."""

    def __init__(self, stream: IO[str], callback: OnOutput | None) -> None:
        super().__init__(daemon=True)
        self._stream, self._callback = stream, callback
        self._lines: list[str] = []
        self.start()

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def run(self) -> None:
        with self._stream:
            for line in self._stream:
                self._lines.append(line.rstrip())
                if self._callback:
                    self._callback(line.rstrip())


def _environment(command: str, additional: Mapping[str, str]) -> dict[str, str]:
    # The operator's own engine settings (a token, another backend) must not reach a sandbox.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "AWS_"))}
    path = additional.get("PATH", kept.get("PATH", ""))
    return {
        **kept,
        **additional,
        "PULUMI_AUTOMATION_API": "true",
        # Plugins that came with the engine follow ours, never precede them.
        "PATH": os.pathsep.join([path, str(Path(command).parent)]),
    }
