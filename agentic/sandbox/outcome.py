"""What a run did, as data: the summary on screen and `--format json` are two views of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agentic.sandbox.tally import Step


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished run of the engine."""

    action: str
    stack: str
    seconds: float
    steps: tuple[Step, ...]
    same: int
    summary: Mapping[str, int]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the engine found nothing to do."""
        return not self.changes

    @property
    def changes(self) -> dict[str, int]:
        """How many of each operation, by the engine's own count, without what stays the same."""
        return {op: n for op, n in sorted(self.summary.items()) if op not in ("same", "read") and n}

    def of(self, op: str) -> tuple[Step, ...]:
        """The operations of one kind."""
        return tuple(step for step in self.steps if step.op == op)

    def as_json(self) -> dict[str, Any]:
        """For other programs; sorted, so that two equal runs read the same."""
        return {
            "action": self.action,
            "stack": self.stack,
            "seconds": round(self.seconds, 2),
            "changes": self.changes,
            "same": self.same,
            "steps": [
                {key: value for key, value in asdict(step).items() if key != "seconds"}
                for step in sorted(self.steps, key=lambda step: (step.op, step.urn))
            ],
            "outputs": dict(sorted(self.outputs.items())),
            "notes": list(self.notes),
        }
