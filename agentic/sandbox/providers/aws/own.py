"""AWS operations that moto lacks, answered from the sandbox's own store in boto3's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.sandbox.providers.database import Database


class OwnStore:
    """Finds the function that answers an operation moto lacks."""

    def __init__(self, database: Database) -> None:
        """Keep records in `database`."""
        self._database = database

    def operation(self, service: str, method: str) -> Callable[..., dict[str, Any]] | None:
        """Give the function, or None where moto has the operation."""
        return None
