"""Makes `.venv` from the hashed locks: quick when nothing changed, and safe to interrupt and run again.

Standard library only, because it runs before anything is installed. The stamp is written last and holds a
digest of everything the environment is made from, so a half-made environment is never taken for a ready one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".made-from"
LOCK = ROOT / "requirements-dev.txt"
UV_LOCK = ROOT / "tools" / "uv.txt"
MADE_FROM = (LOCK, UV_LOCK, Path(__file__).resolve())

# What pip is told about indexes and certificates, and the name uv knows it by: uv reads no pip configuration.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


class SetupError(Exception):
    """Something the person at the keyboard can mend; shown without a traceback."""


def digest() -> str:
    """Return what the environment is made from: the locks, this script, the place and the Python."""
    state = hashlib.sha256(f"{VENV} {platform.python_version()} {platform.machine()}".encode())
    for path in MADE_FROM:
        state.update(path.read_bytes())
    # Only what the installed command depends on: a changed lint rule is no reason to install anything.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    state.update(repr(sorted(project.items())).encode())
    return state.hexdigest()


def run(*command: str | Path, env: dict[str, str] | None = None) -> bool:
    """Run a command that shows its own progress; tell whether it succeeded."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False).returncode == 0


def quiet(*command: str | Path) -> str | None:
    """Return what a command prints, or None where it fails."""
    arguments = [str(part) for part in command]
    try:
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def make_venv() -> None:
    """Make the virtualenv; one that was interrupted, moved or made with another Python is made anew."""
    here = (
        quiet(PYTHON, "-c", "import pip, platform, sys; print(sys.prefix, platform.python_version())") or ""
    )
    if here.strip() == f"{VENV} {platform.python_version()}":
        return
    venv.create(VENV, clear=VENV.exists(), with_pip=True, symlinks=True)


def uv_environment() -> dict[str, str]:
    """Return the environment for uv, with pip's index and certificate settings handed on."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "true", "UV_LINK_MODE": "copy"}
    for line in (quiet(PYTHON, "-m", "pip", "config", "list") or "").splitlines():
        key, _, value = line.partition("=")
        name = PIP_TO_UV.get(key.rpartition(".")[2].strip())
        if name and name not in os.environ:
            env[name] = " ".join(value.strip("'\"").replace("\\n", " ").split())
    return env


def install() -> str:
    """Install the lock, every file checked against its hash; return the installer that did it."""
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check")
    uv = VENV / "bin" / "uv"
    if run(*pip, "install", "--quiet", "--no-deps", "--require-hashes", "-r", UV_LOCK):
        progress = () if sys.stderr.isatty() else ("--quiet",)
        sync = (uv, "pip", "sync", *progress, "--python", PYTHON, "--require-hashes", LOCK)
        if run(*sync, env=uv_environment()):
            return "uv"
        print("setup: uv could not install here (its message is above); pip takes over, slower.", flush=True)
    if run(*pip, "install", "--require-hashes", "-r", LOCK):
        return "pip"
    raise SetupError(
        "setup: the packages could not be installed; the installer's message is above.\n"
        "Check the network, the package index and the certificates that pip is configured with "
        f"({PYTHON} -m pip config list), then run `make setup` again: it goes on where it stopped."
    )


def link_project() -> None:
    """Put the `agentic` command into the environment, pointing at this working tree; downloads nothing."""
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check")
    if not run(*pip, "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT):
        raise SetupError("setup: the `agentic` command could not be installed; pip's message is above.")


def step(number: int, text: str) -> None:
    """Say which of the steps is starting."""
    print(f"setup {number}/3: {text}", flush=True)


def main() -> int:
    """Make the environment unless it is ready; return the exit code."""
    started = time.monotonic()
    wanted = digest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    turn = ROOT / ".cache" / "setup.lock"
    turn.parent.mkdir(exist_ok=True)
    with turn.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two targets started at once must not install into each other
        if STAMP.exists() and STAMP.read_text() == wanted:
            return 0
        step(1, f"virtualenv with Python {platform.python_version()}")
        STAMP.unlink(missing_ok=True)
        make_venv()
        step(2, "packages from the hashed lock (10 seconds to 2 minutes)")
        installer = install()
        step(3, "the `agentic` command")
        link_project()
        STAMP.write_text(wanted)
    print(f"setup: ready in {time.monotonic() - started:.0f} s, installed by {installer}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("\nsetup: interrupted; run it again and it goes on.", file=sys.stderr)
        sys.exit(130)
