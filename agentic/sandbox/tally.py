"""What an engine run is doing and has done, kept from its event stream; shows nothing itself."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace

from pulumi.automation.events import DiagnosticEvent, EngineEvent, OpType, StepEventMetadata

# One replacement is three steps; it is counted and shown as the one the operator thinks of.
_PARTS_OF_A_REPLACEMENT = (OpType.CREATE_REPLACEMENT, OpType.DELETE_REPLACED)
_NOTHING = (OpType.SAME, OpType.READ)

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One resource operation; `paths` are the properties that changed."""

    op: str
    urn: str
    type: str
    paths: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """The logical name, the last part of the URN."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or warning of the engine, a provider or the program."""

    severity: str
    urn: str
    message: str


@dataclass(slots=True)
class Tally:
    """Counts and lists, safe to read from another thread than the events come in on."""

    started: float = field(default_factory=time.monotonic)
    steps: list[Step] = field(default_factory=list[Step])
    problems: list[Problem] = field(default_factory=list[Problem])
    under_way: dict[str, tuple[Step, float]] = field(default_factory=dict[str, tuple[Step, float]])
    failed: list[Step] = field(default_factory=list[Step])
    unchanged: set[str] = field(default_factory=set[str])
    summary: dict[str, int] = field(default_factory=dict[str, int])
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self.started

    @property
    def same(self) -> int:
        """Resources that stay as they are."""
        return len(self.unchanged - {step.urn for step in self.steps})

    @property
    def finished(self) -> int:
        """Resources that are done, changed or not."""
        return len(self.steps) + self.same

    def counts(self) -> dict[str, int]:
        """Operations done, by kind, without what stayed the same."""
        with self._guard:
            return dict(sorted(Counter(step.op for step in self.steps).items()))

    def take(self, event: EngineEvent) -> Step | Problem | None:
        """Note one event; returns what a log would print a line for."""
        with self._guard:
            if event.resource_pre_event:
                self._begin(event.resource_pre_event.metadata)
            elif event.res_outputs_event:
                return self._end(event.res_outputs_event.metadata)
            elif event.res_op_failed_event:
                return self._fail(event.res_op_failed_event.metadata)
            elif event.diagnostic_event:
                return self._note(event.diagnostic_event)
            elif event.summary_event:
                self.summary = {
                    str(OpType(op).value): n for op, n in event.summary_event.resource_changes.items()
                }
            return None

    def _begin(self, step: StepEventMetadata) -> None:
        if step.op not in _NOTHING:
            self.under_way[step.urn] = (_step(step), time.monotonic())

    def _end(self, step: StepEventMetadata) -> Step | None:
        begun = self.under_way.pop(step.urn, None)
        if step.op in _PARTS_OF_A_REPLACEMENT:
            return None
        if step.op in _NOTHING:
            self.unchanged.add(step.urn)
            return None
        # A component reports twice: when it is registered and when its outputs are.
        if begun is None and any((known.op, known.urn) == (step.op.value, step.urn) for known in self.steps):
            return None
        done = _step(step, time.monotonic() - begun[1] if begun else 0.0)
        self.steps.append(done)
        return done

    def _fail(self, step: StepEventMetadata) -> Step:
        self.under_way.pop(step.urn, None)
        self.failed.append(_step(step))
        return replace(self.failed[-1], op=FAILED)

    def _note(self, event: DiagnosticEvent) -> Problem | None:
        if event.severity not in ("error", "warning") or event.ephemeral:
            return None
        problem = Problem(event.severity, event.urn or "", _plain(event.message))
        if problem in self.problems:
            return None
        self.problems.append(problem)
        return problem


def _step(metadata: StepEventMetadata, seconds: float = 0.0) -> Step:
    paths = tuple(sorted(metadata.detailed_diff or metadata.diffs or ()))
    return Step(metadata.op.value, metadata.urn, metadata.type, paths, seconds)


def _plain(message: str) -> str:
    """The engine marks colours as <{%name%}>."""
    text = message
    while "<{%" in text and "%}>" in text:
        before, _, rest = text.partition("<{%")
        text = before + rest.partition("%}>")[2]
    return text.strip()
