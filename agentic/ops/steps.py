"""One thing a command makes sure of: read, compare, write only what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError

Action = Literal["present", "created", "changed", "would create", "would change"]


@dataclass(frozen=True, slots=True)
class Step:
    """What was found or done about one thing."""

    what: str
    action: Action
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A property of something that exists: how to read it, what it must be, how to write it.

    `wanted` gets what is there, so that a setting can keep entries that are not ours.
    """

    what: str
    read: Callable[[], Any]
    wanted: Callable[[Any], Any]
    write: Callable[[Any], object]

    def ensure(self, *, dry_run: bool) -> Step:
        """Make it so unless it is so already."""
        current = self.read()
        wanted = self.wanted(current)
        if current == wanted:
            return Step(self.what, "present")
        if not dry_run:
            self.write(wanted)
        if current is None:
            return Step(self.what, "would create" if dry_run else "created")
        return Step(self.what, "would change" if dry_run else "changed")


def unless_absent(call: Callable[[], Any], *codes: str) -> Any:
    """Return what the call returns, or None where the service answers with one of the error codes."""
    try:
        return call()
    except ClientError as error:
        if error_code(error) in codes:
            return None
        raise


def error_code(error: ClientError) -> str:
    """Return the service's own word for what went wrong."""
    return error.response.get("Error", {}).get("Code", "")
