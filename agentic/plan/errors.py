"""The one error a capture, a plan file or a reader raises."""

from __future__ import annotations


class PlanError(Exception):
    """A fault said in three parts: where it is, which rule it breaks, and what to do."""

    def __init__(self, path: str, rule: str, remedy: str) -> None:
        super().__init__(f"{path}: {rule}\n  remedy: {remedy}")
        self.path = path
        self.rule = rule
        self.remedy = remedy
