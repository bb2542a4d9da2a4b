"""The one way a stack says that its config is wrong: every fault at once, no traceback."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi


class ConfigError(pulumi.RunError):
    """All faults of one source; the engine prints a RunError's text and nothing else."""

    source: str
    faults: tuple[str, ...]

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        self.source = source
        self.faults = tuple(faults)
        noun = "fault" if len(self.faults) == 1 else "faults"
        super().__init__(
            "\n".join([f"{source}: {len(self.faults)} {noun}", *(f"  {fault}" for fault in faults)])
        )
