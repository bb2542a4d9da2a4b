"""Builds a program from its Go module, pinned in a go.mod of this project, once per version and machine."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from agentic.errors import OperatorError

Say = Callable[[str], None]

# A non-interactive log gets a line this often, so that nobody takes a build for a hang.
REPORT_SECONDS = 15.0

_HINTS: tuple[tuple[str, str], ...] = (
    (r"no space left on device", "free about {gib} GB for Go's caches (`go env GOCACHE GOMODCACHE`)"),
    (r"requires go >= |toolchain not available", "install the Go version that {directory}/go.mod names"),
    (
        r"dial tcp|no such host|connection refused|i/o timeout|proxyconnect|TLS handshake|Bad Gateway",
        "Go modules cannot be downloaded: check the network, or set GOPROXY to a module proxy you can reach",
    ),
    (
        r"checksum mismatch|SECURITY ERROR",
        "the module differs from {directory}/go.sum: do not use that proxy",
    ),
    (
        r"signal: killed|cannot allocate memory",
        "the build needs about 3 GB of memory: close something and retry",
    ),
)


class ToolMissing(OperatorError):  # noqa: N818 - reads as the finding it is
    """A program is needed and cannot be had on this machine; says what is lacking."""


@dataclass(frozen=True, kw_only=True)
class GoTool:
    """A program, and the module that holds it at the version a go.mod pins."""

    title: str
    """What a person calls it."""
    package: str
    module: str
    """The module whose pin is the program's version."""
    root: Path
    directory: str
    """Where go.mod and go.sum are, below the root: so it is called in messages."""
    duration: str
    """Said before the build starts."""
    needed_gib: int
    """Room that its modules and compiled packages take from empty caches."""
    version_variable: str
    """The variable that the linker sets to the version, as official builds do; empty where source has it."""
    tags: tuple[str, ...] = ()
    """Build tags, where they leave out what is never used here and takes long to compile."""

    @property
    def modules(self) -> Path:
        """The directory of go.mod and go.sum."""
        return self.root / self.directory

    def pinned_version(self) -> str:
        """The version go.mod asks for, without its `v`; ToolMissing when it asks for none."""
        try:
            pins = (self.modules / "go.mod").read_text()
        except OSError:
            raise ToolMissing(
                f"{self.title} cannot be built: {self.modules / 'go.mod'} is not there",
                remedy="restore it from the repository",
            ) from None
        pinned = re.search(rf"^\s*(?:require\s+)?{re.escape(self.module)} v(\S+)", pins, re.MULTILINE)
        if pinned is None:
            raise ToolMissing(
                f"{self.title} cannot be built: {self.directory}/go.mod pins no {self.module}",
                remedy="restore it from the repository",
            )
        return pinned.group(1)


def build(tool: GoTool, target: Path, say: Say) -> None:
    """Leave a working program at `target`, or raise with the reason; concurrent builds wait for the first."""
    go = shutil.which("go")
    if go is None:
        raise ToolMissing(
            f"{tool.title} cannot be built: there is no `go` on PATH", remedy="install Go 1.26 or later"
        )
    version = tool.pinned_version()
    target.parent.mkdir(parents=True, exist_ok=True)
    _check_space(go, tool, version)
    with _turn(tool, target, say):
        if target.exists():
            return
        say(
            f"building {tool.title} {version} from its Go module: {tool.duration}, "
            f"then kept in {target.parent}"
        )
        fresh = target.with_suffix(f".{os.getpid()}")
        try:
            _run(_command(go, tool, fresh), tool, say)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)


def _command(go: str, tool: GoTool, out: Path) -> list[str]:
    # -s -w: no debugger tables, which halves the link.
    flags = "-s -w"
    if tool.version_variable:
        flags += f" -X {tool.version_variable}=v{tool.pinned_version()}"
    tags = [f"-tags={','.join(tool.tags)}"] if tool.tags else []
    return [go, "build", "-v", "-mod=readonly", *tags, "-ldflags", flags, "-o", str(out), tool.package]


def _check_space(go: str, tool: GoTool, version: str) -> None:
    caches = subprocess.run(
        [go, "env", "GOCACHE", "GOMODCACHE"], cwd=tool.modules, capture_output=True, text=True, check=False
    )
    lines = caches.stdout.split()
    if len(lines) != 2:
        return
    build_cache, module_cache = (Path(line) for line in lines)
    if (module_cache / f"{tool.module}@v{version}").exists():
        return
    nearest = next(path for path in (build_cache, *build_cache.parents) if path.exists())
    free = shutil.disk_usage(nearest).free / 2**30
    if free < tool.needed_gib:
        raise ToolMissing(
            f"{tool.title} cannot be built: {nearest} has {free:.1f} GB free, "
            f"it needs about {tool.needed_gib} GB",
            remedy="free some space, or point GOCACHE and GOMODCACHE elsewhere",
        )


@contextmanager
def _turn(tool: GoTool, target: Path, say: Say) -> Generator[None]:
    descriptor = os.open(target.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another checkout is building {tool.title}; waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _run(command: list[str], tool: GoTool, say: Say) -> None:
    started = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=tool.modules, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        output = process.stdout
        assert output is not None
        reader = threading.Thread(target=_collect, args=(output, lines), daemon=True)
        reader.start()
        try:
            while reader.is_alive():
                reader.join(REPORT_SECONDS)
                if reader.is_alive():
                    minutes, seconds = divmod(int(time.monotonic() - started), 60)
                    last = lines[-1] if lines else "resolving modules"
                    say(f"  {minutes}:{seconds:02d} building {tool.title}, step {len(lines)}, now {last}")
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise ToolMissing(
            f"{tool.title} could not be built: {_last(lines)}", remedy=_hint(tool, "\n".join(lines))
        )


def _collect(output: IO[str], lines: list[str]) -> None:
    lines.extend(line.rstrip() for line in output)


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "no message")


def _hint(tool: GoTool, output: str) -> str:
    for pattern, hint in _HINTS:
        if re.search(pattern, output):
            return hint.format(gib=tool.needed_gib, directory=tool.directory)
    return "read the message above; the next run continues where it stopped"
