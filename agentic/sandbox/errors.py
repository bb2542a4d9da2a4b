"""What the operator is told when the sandbox cannot do what was asked."""

from __future__ import annotations


class SandboxError(Exception):
    """A failure said in one sentence, with what to do about it."""

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        """Keep the two apart so that both are always shown."""
        super().__init__(f"{problem}\n  what to do: {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy


class EngineMissing(SandboxError):  # noqa: N818 - reads as the finding it is
    """No way to get the engine works on this machine; says what each one lacks."""
