"""What the operator is told when a rehearsal cannot be held."""

from __future__ import annotations

from agentic.errors import OperatorError


class RehearsalError(OperatorError):
    """The rehearsal could not be held; this says nothing about the plan."""


class ServerFailed(RehearsalError):  # noqa: N818 - reads as the finding it is
    """A part of the API server did not start or ended early."""
