"""Finds etcd, kube-apiserver and kube-controller-manager: on PATH, else in the cache, else built.

Admission and validation are a minor version's business, so a Kubernetes of another minor on PATH is passed
over and that is said. Any etcd of the pinned major will do: it only keeps what the API server gives it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agentic import go_tool
from agentic.cache import cache_directory
from agentic.go_tool import GoTool, Say, ToolMissing

DIRECTORY = "tools/apiserver"
KUBERNETES = "k8s.io/kubernetes"
ETCD = "go.etcd.io/etcd/server/v3"
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_DURATIONS = {
    # Measured on two cores, the second with the first one's packages in Go's cache.
    "kube-apiserver": "4 to 8 minutes once on two cores",
    "kube-controller-manager": "another 1 to 2 minutes",
}


@dataclass(frozen=True, slots=True)
class Program:
    """An executable that was run once and told its version."""

    path: Path
    version: str


@dataclass(frozen=True, slots=True)
class Tools:
    """What an API server is made of."""

    etcd: Program
    api_server: Program
    controller_manager: Program


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One program, how it is built, and which versions of it will do."""

    name: str
    tool: GoTool
    fits: Callable[[str], bool]
    expected: str

    @property
    def cached(self) -> Path:
        version = self.tool.pinned_version()
        return cache_directory() / self.tool.module.split("/")[1] / version / "bin" / self.name


def pinned_kubernetes(root: Path) -> str:
    """The version that is built where PATH has none."""
    return _kubernetes(root, "kube-apiserver").pinned_version()


def locate(root: Path, kubernetes: str | None = None) -> Tools | None:
    """The programs if all are on this machine; nothing is built."""
    found = [_find(wanted)[0] for wanted in _wanted(root, kubernetes)]
    etcd, api_server, controller_manager = found
    if etcd and api_server and controller_manager:
        return Tools(etcd, api_server, controller_manager)
    return None


def provide(root: Path, say: Say, kubernetes: str | None = None) -> Tools:
    """The programs, built where they are missing; `say` hears what is done and how long it takes."""
    etcd, api_server, controller_manager = (_provided(wanted, say) for wanted in _wanted(root, kubernetes))
    return Tools(etcd, api_server, controller_manager)


def minor(version: str) -> str:
    """`1.35` of `1.35.4`."""
    return ".".join(version.split(".")[:2])


def _wanted(root: Path, kubernetes: str | None) -> tuple[_Wanted, ...]:
    etcd = GoTool(
        title="etcd",
        package=ETCD,
        module=ETCD,
        root=root,
        directory=DIRECTORY,
        duration="1 to 2 minutes once on two cores",
        needed_gib=1,
        version_variable="",
    )
    major = etcd.pinned_version().split(".")[0]
    wanted_minor = kubernetes or minor(pinned_kubernetes(root))

    def is_minor(version: str) -> bool:
        return minor(version) == wanted_minor

    return (
        _Wanted("etcd", etcd, lambda version: version.split(".")[0] == major, f"etcd {major}"),
        *(
            _Wanted(name, _kubernetes(root, name), is_minor, f"Kubernetes {wanted_minor}")
            for name in ("kube-apiserver", "kube-controller-manager")
        ),
    )


def _kubernetes(root: Path, name: str) -> GoTool:
    return GoTool(
        title=name,
        package=f"{KUBERNETES}/cmd/{name}",
        module=KUBERNETES,
        root=root,
        directory=DIRECTORY,
        duration=_DURATIONS[name],
        # Measured from empty caches: 0.4 GB of modules, 2.3 GB of compiled packages.
        needed_gib=4,
        # Without it the server calls itself v0.0.0-master.
        version_variable="k8s.io/component-base/version.gitVersion",
    )


def _provided(wanted: _Wanted, say: Say) -> Program:
    found, passed_over = _find(wanted)
    if found:
        return found
    for line in passed_over:
        say(line)
    pinned = wanted.tool.pinned_version()
    if not wanted.fits(pinned):
        raise ToolMissing(
            f"{wanted.name} of {wanted.expected} is not on PATH, and what can be built here is {pinned} "
            f"({DIRECTORY}/go.mod)",
            remedy=f"put a {wanted.name} of {wanted.expected} on PATH, or ask for {minor(pinned)}",
        )
    go_tool.build(wanted.tool, wanted.cached, say)
    built = _inspect(wanted.cached)
    if built is None:
        raise ToolMissing(
            f"{wanted.cached} was built but does not run", remedy="remove it and run the command again"
        )
    return built


def _find(wanted: _Wanted) -> tuple[Program | None, list[str]]:
    """The first program that fits, and why the others were passed over."""
    passed_over: list[str] = []
    on_path = shutil.which(wanted.name)
    for candidate in (Path(on_path) if on_path else None, wanted.cached):
        if candidate is None or not candidate.exists():
            continue
        program = _inspect(candidate)
        if program is None:
            passed_over.append(f"{candidate} does not run or does not tell its version")
        elif not wanted.fits(program.version):
            passed_over.append(f"{candidate} is {program.version}, wanted is {wanted.expected}")
        else:
            return program, passed_over
    return None, passed_over


def _inspect(path: Path) -> Program | None:
    try:
        answer = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = _VERSION.search(answer.stdout)
    return Program(path, ".".join(version.groups())) if version else None
