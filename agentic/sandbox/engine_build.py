"""Builds the engine from its Go module, pinned in tools/go.mod, once per version and machine."""

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
from pathlib import Path
from typing import IO

from agentic.sandbox.errors import EngineMissing

MODULE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
# Measured: 1.8 GB of modules and 2.2 GB of compiled packages from empty caches, 0.3 GB of program.
NEEDED_GIB = 5
# A non-interactive log gets a line this often, so that nobody takes a build for a hang.
REPORT_SECONDS = 15.0

_HINTS: tuple[tuple[str, str], ...] = (
    (r"no space left on device", f"free about {NEEDED_GIB} GB for Go's caches (`go env GOCACHE GOMODCACHE`)"),
    (r"requires go >= |toolchain not available", "install the Go version that tools/go.mod names"),
    (
        r"dial tcp|no such host|connection refused|i/o timeout|proxyconnect|TLS handshake|Bad Gateway",
        "Go modules cannot be downloaded: check the network, or set GOPROXY to a module proxy you can reach",
    ),
    (r"checksum mismatch|SECURITY ERROR", "the module differs from tools/go.sum: do not use that proxy"),
    (
        r"signal: killed|cannot allocate memory",
        "the build needs about 3 GB of memory: close something and retry",
    ),
)


def build(target: Path, version: str, tools: Path, say: Callable[[str], None]) -> None:
    """Leave a working engine at `target`, or raise with the reason; concurrent builds wait for the first."""
    go = shutil.which("go")
    if go is None:
        raise EngineMissing(
            "the engine cannot be built: there is no `go` on PATH", remedy="install Go 1.26 or later"
        )
    _check_pin(tools, version)
    target.parent.mkdir(parents=True, exist_ok=True)
    _check_space(go, tools)
    with _turn(target, say):
        if target.exists():
            return
        say(
            f"building the engine {version} from its Go module: 3 to 7 minutes once on two cores, "
            f"then kept in {target.parent}"
        )
        fresh = target.with_suffix(f".{os.getpid()}")
        try:
            _run(_command(go, fresh, version), tools, say)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)


def _command(go: str, out: Path, version: str) -> list[str]:
    # -s -w: no debugger tables, which halves the link. The version is a linker flag in official builds too.
    flags = f"-s -w -X {VERSION_VARIABLE}=v{version}"
    return [go, "build", "-v", "-mod=readonly", "-ldflags", flags, "-o", str(out), MODULE]


def _check_pin(tools: Path, version: str) -> None:
    try:
        pins = (tools / "go.mod").read_text()
    except OSError:
        raise EngineMissing(
            f"the engine cannot be built: {tools / 'go.mod'} is not there",
            remedy="restore it from the repository",
        ) from None
    module = MODULE.removesuffix("/cmd/pulumi")
    pinned = re.search(rf"^\s*(?:require\s+)?{re.escape(module)} v(\S+)", pins, re.MULTILINE)
    if pinned is None or pinned.group(1) != version:
        raise EngineMissing(
            f"the engine cannot be built: tools/go.mod pins {pinned.group(1) if pinned else 'none'}, "
            f"the SDK here is {version}",
            remedy=f"cd tools && go get {module}@v{version}",
        )


def _check_space(go: str, tools: Path) -> None:
    caches = subprocess.run(
        [go, "env", "GOCACHE", "GOMODCACHE"], cwd=tools, capture_output=True, text=True, check=False
    )
    lines = caches.stdout.split()
    if len(lines) != 2:
        return
    build_cache, module_cache = (Path(line) for line in lines)
    if (module_cache / "github.com" / "pulumi" / "pulumi").exists():
        return
    nearest = next(path for path in (build_cache, *build_cache.parents) if path.exists())
    free = shutil.disk_usage(nearest).free / 2**30
    if free < NEEDED_GIB:
        raise EngineMissing(
            f"the engine cannot be built: {nearest} has {free:.1f} GB free, it needs about {NEEDED_GIB} GB",
            remedy="free some space, or point GOCACHE and GOMODCACHE elsewhere",
        )


@contextmanager
def _turn(target: Path, say: Callable[[str], None]) -> Generator[None]:
    descriptor = os.open(target.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another checkout is building the engine; waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _run(command: list[str], tools: Path, say: Callable[[str], None]) -> None:
    started = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=tools, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
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
                    say(f"  {minutes}:{seconds:02d} building the engine, step {len(lines)}, now {last}")
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise EngineMissing(f"the engine could not be built: {_last(lines)}", remedy=_hint("\n".join(lines)))


def _collect(output: IO[str], lines: list[str]) -> None:
    lines.extend(line.rstrip() for line in output)


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "no message")


def _hint(output: str) -> str:
    for pattern, hint in _HINTS:
        if re.search(pattern, output):
            return hint
    return "read the message above; `make up` continues where it stopped"
