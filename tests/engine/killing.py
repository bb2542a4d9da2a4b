"""Kills engines at chosen moments, the way a machine that runs out of memory would."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pulumi.automation.events import EngineEvent

from agentic.sandbox import checkpoint
from agentic.sandbox.errors import EngineFailed
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.session import Sandbox


@dataclass
class Killer:
    """Watches one run and kills its engine some milliseconds after its nth event."""

    sandbox: Sandbox
    after_events: int
    delay_seconds: float
    plugins_too: bool
    seen: int = 0
    killed: list[int] = field(default_factory=list[int])
    timer: threading.Timer | None = None

    def __call__(self, event: EngineEvent) -> None:
        if event.resource_pre_event or event.res_outputs_event:
            self.seen += 1
            if self.seen == self.after_events:
                self.timer = threading.Timer(self.delay_seconds, self._strike)
                self.timer.start()

    def wait(self) -> None:
        """Until it has struck, or found nobody: it may be late, and has no business with the run after this one."""
        if self.timer is not None:
            self.timer.join()

    def _strike(self) -> None:
        for lock in checkpoint.locks(self.sandbox.layout):
            # A lock that is just being removed has the number 0, which to `kill` is everybody, the tests too; that of
            # an earlier run has one that may be somebody else's by now.
            if not lock.pid or not lock.is_held:
                continue
            children = _children(lock.pid) if self.plugins_too else []
            for pid in (lock.pid, *children):
                # One that has ended by itself meanwhile is none that was killed.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.killed.append(pid)


SLOW = "slow=0.1"
"""A fault for runs that are to be killed: a busy machine hears of an event late, and the run would be over by then."""


def run_until_done(
    sandbox: Sandbox,
    operation: Callable[[Sandbox], Outcome],
    dice: random.Random,
    *,
    most_kills: int,
    step: int,
) -> tuple[int, Outcome]:
    """Start, get killed, start again, a little later each time; returns how often it was killed."""
    kills = 0
    for attempt in range(most_kills):
        killer = Killer(
            sandbox=sandbox,
            after_events=dice.randint(1, step) + attempt // 3,
            delay_seconds=dice.random() * 0.05,
            plugins_too=attempt % 3 == 2,
        )
        watched = replace_options(sandbox, killer)
        try:
            try:
                done = operation(watched)
            finally:
                killer.wait()
        except EngineFailed as failure:
            # Any other failure is a defect, not a kill.
            if not killer.killed or "the engine was killed (signal 9)" not in str(failure):
                raise
            kills += 1
            continue
        return kills, done
    return kills, operation(sandbox)


def replace_options(sandbox: Sandbox, killer: Killer) -> Sandbox:
    watched = replace(sandbox, options=replace(sandbox.options, watch=killer))
    killer.sandbox = watched
    return watched


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found
