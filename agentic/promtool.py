"""Prometheus' own judge of rules: on PATH, else in the cache, else built; and what it says of a file."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from agentic import go_tool
from agentic.cache import cache_directory
from agentic.errors import OperatorError
from agentic.go_tool import GoTool, Say, ToolMissing

DIRECTORY = "tools/promtool"
MODULE = "github.com/prometheus/prometheus"
_VERSION = re.compile(r"version (\d+)\.(\d+)\.(\d+)")
_MODULE_VERSION = re.compile(r"0\.(\d)(\d\d)\.(\d+)")


class RulesRefused(OperatorError):  # noqa: N818 - reads as the finding it is
    """A rule file that Prometheus would not load, or rules that do not do what their tests say."""


@dataclass(frozen=True, slots=True)
class Promtool:
    """An executable that was run once and told its version."""

    path: Path
    version: str

    def check_rules(self, *files: Path) -> str:
        """What it says of rule files that Prometheus would load; RulesRefused of others."""
        return self._run("check", "rules", *map(str, files))

    def test_rules(self, *files: Path) -> str:
        """What it says of unit tests that hold; RulesRefused, with what was expected and found, of others."""
        return self._run("test", "rules", *map(str, files))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([str(self.path), *arguments], capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).strip()
        if done.returncode:
            raise RulesRefused(said, remedy="correct the rule, or its test if the rule is right")
        return said


def tool(root: Path) -> GoTool:
    """The program as one that Go builds."""
    return GoTool(
        title="promtool",
        package=f"{MODULE}/cmd/promtool",
        module=MODULE,
        root=root,
        directory=DIRECTORY,
        duration="1 to 4 minutes once on two cores",
        # Measured from empty caches: 0.9 GB of modules and 0.8 GB of compiled packages.
        needed_gib=2,
        version_variable="",
        # Discovery in two dozen clouds, which rules never ask for, is half of the build.
        tags=("remove_all_sd", "netgo", "builtinassets"),
    )


def pinned_version(root: Path) -> str:
    """The release that is built, as Prometheus counts: its module v0.314.0 is release 3.14.0."""
    module = tool(root).pinned_version()
    matched = _MODULE_VERSION.fullmatch(module)
    if matched is None:
        raise ToolMissing(
            f"{DIRECTORY}/go.mod pins {MODULE} v{module}, which is no release",
            remedy="pin v0.<major><minor, two digits>.<patch>",
        )
    major, minor, patch = (str(int(part)) for part in matched.groups())
    return f"{major}.{minor}.{patch}"


def locate(root: Path) -> Promtool | None:
    """The program if it is on this machine; nothing is built."""
    on_path = shutil.which("promtool")
    for candidate in (Path(on_path) if on_path else None, _cached(root)):
        if candidate is not None and candidate.exists() and (found := _inspect(candidate, root)) is not None:
            return found
    return None


def provide(root: Path, say: Say) -> Promtool:
    """The program, built where it is missing; `say` hears what is done and how long it takes."""
    found = locate(root)
    if found is not None:
        return found
    target = _cached(root)
    go_tool.build(tool(root), target, say)
    built = _inspect(target, root)
    if built is None:
        raise ToolMissing(
            f"{target} was built but does not run", remedy="remove it and run the command again"
        )
    return built


def _cached(root: Path) -> Path:
    return cache_directory() / "promtool" / pinned_version(root) / "bin" / "promtool"


def _inspect(path: Path, root: Path) -> Promtool | None:
    """The program with its version; None where it does not run or is of another major release."""
    try:
        answer = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    pinned = pinned_version(root)
    # A build from the module does not know its own version; it lies in a directory named by it.
    told = _VERSION.search(answer.stdout)
    version = ".".join(told.groups()) if told else pinned
    return Promtool(path, version) if version.split(".")[0] == pinned.split(".")[0] else None
