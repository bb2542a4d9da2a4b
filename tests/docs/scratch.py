"""A copy of the stack files to run a page's commands in: never the checkout."""

from __future__ import annotations

import contextlib
import io
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from agentic.cli.main import run
from agentic.plan.model import Plan
from stacks.stack_file import PLATFORM_KEY
from tests.docs.pages import ROOT, Change, Command

COPIED = ("Pulumi.yaml", "__main__.py", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml")
Planned = Callable[[str, Path], Plan]


@dataclass(frozen=True)
class Ran:
    """What a command left behind it."""

    code: int
    output: str


@dataclass
class PlanCache:
    """Plans by what they are made from, so that the plan of a stack nobody changed is captured once."""

    capture: Planned
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict[tuple[str, str], Plan])

    def __call__(self, stack: str, root: Path) -> Plan:
        file = root / f"Pulumi.{stack}.yaml"
        if not file.is_file():
            return self.capture(stack, root)
        key = (stack, file.read_text(encoding="utf-8"))
        if key not in self.plans:
            self.plans[key] = self.capture(stack, root)
        return self.plans[key]


class Scratch:
    """The project's program with stack files of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for name in COPIED:
            shutil.copy(ROOT / name, directory / name)

    def change(self, change: Change) -> None:
        """Merge the lines into the file's platform object, as a reader would write them into it."""
        path = self.directory / change.file
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        document["config"][PLATFORM_KEY] = merged(document["config"][PLATFORM_KEY], change.platform)
        path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def run(self, command: Command) -> Ran:
        """Run it in the copy; what it says is what a terminal would show."""
        program, *arguments = shlex.split(command.text, comments=True)
        assert program == "agentic", command.text
        shown = io.StringIO()
        with (
            contextlib.chdir(self.directory),
            contextlib.redirect_stdout(shown),
            contextlib.redirect_stderr(shown),
        ):
            code = run(arguments)
        return Ran(code, shown.getvalue())


def merged(old: object, new: object) -> Any:
    """Maps key by key; anything else is replaced."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    below, above = cast("dict[str, Any]", old), cast("dict[str, Any]", new)
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}
