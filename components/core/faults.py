"""What is wrong with a config, said so that a reader can act: where, which rule, what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong: `path` inside the platform object, the `rule` it breaks, the `remedy`."""

    path: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}; {self.remedy}"
