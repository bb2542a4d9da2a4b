"""What the operator is told when schemas of custom resources cannot be had or read."""

from __future__ import annotations

from agentic.errors import OperatorError


class CrdError(OperatorError):
    """Schemas could not be fetched, or a directory of them is not what it should be."""
