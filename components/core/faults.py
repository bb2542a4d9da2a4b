"""What is wrong with a config, said so that a reader can act: where, which rule, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong: `path` inside the platform object, the `rule` it breaks, the `remedy`."""

    path: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}; {self.remedy}"


class FaultsError(ValueError):
    """What is wrong within one model, each fault by its path below that model: a validator has one error to raise."""

    faults: tuple[Fault, ...]

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))
