"""The failures a person can mend: shown as one message, never as a traceback."""

from __future__ import annotations


class OperatorError(Exception):
    """What is wrong and what to do about it; both are always shown."""

    exit_code = 1
    """What the command ends with; a kind of its own where a script has to tell it apart."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(f"{problem}\n  remedy: {remedy}")
        self.problem = problem
        self.remedy = remedy
