"""Where the project is: every command works from any directory inside the checkout."""

from __future__ import annotations

from pathlib import Path

from agentic.errors import OperatorError

PROJECT_FILE = "Pulumi.yaml"
PROGRAM = "__main__.py"


def project_root(start: Path | None = None) -> Path:
    """Return the nearest directory at or above `start` (default: here) that holds the Pulumi program."""
    here = (start or Path.cwd()).resolve()
    for directory in (here, *here.parents):
        if (directory / PROJECT_FILE).is_file() and (directory / PROGRAM).is_file():
            return directory
    raise OperatorError(
        f"{here}: no {PROJECT_FILE} with {PROGRAM} here or in any directory above",
        remedy="run the command inside a checkout of agentic-platform",
    )
