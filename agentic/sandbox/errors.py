"""What the operator is told when the sandbox cannot do what was asked."""

from __future__ import annotations

from agentic.errors import OperatorError


class SandboxError(OperatorError):
    """The sandbox cannot do what was asked; nothing is half done that a second run does not finish."""


class EngineMissing(SandboxError):  # noqa: N818 - reads as the finding it is
    """No way to get the engine works on this machine; says what each one lacks."""


class EngineFailed(SandboxError):  # noqa: N818
    """The engine ended without finishing; what it had done is in its state."""


class Interrupted(SandboxError):  # noqa: N818
    """The operator pressed Ctrl-C and the engine ended in order."""

    exit_code = 130  # as a shell reports a command that SIGINT ended
