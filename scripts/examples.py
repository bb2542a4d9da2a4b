"""Makes the environment of an example from its hashed lock, apart from `.venv`: their packages do not agree.

Quick when nothing changed. Says where the environment is; `--optional` leaves with 0 where it cannot be made, so
that a run without a network still tests everything else, and the tests of the example say that they were skipped.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
import time
from pathlib import Path

from setup import ROOT, uv_environment

UV = ROOT / ".venv" / "bin" / "uv"


def make(example: str) -> Path:
    """The environment's Python, with what the example's development lock says and nothing else."""
    lock = ROOT / "examples" / example / "requirements-dev.txt"
    home = ROOT / ".cache" / "examples" / example
    python, stamp = home / "bin" / "python", home / ".made-from"
    wanted = hashlib.sha256(f"{home} {platform.python_version()}".encode() + lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    started = time.monotonic()
    environment = uv_environment()
    commands = (
        (UV, "venv", "--quiet", "--clear", "--python", sys.executable, home),
        (UV, "pip", "sync", "--quiet", "--python", python, "--require-hashes", lock),
    )
    for command in commands:
        subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=True)
    stamp.write_text(wanted)
    print(f"examples/{example}: environment ready in {time.monotonic() - started:.0f} s", flush=True)
    return python


def main(arguments: list[str]) -> int:
    """Make the environments that are named; return the exit code."""
    optional = "--optional" in arguments
    for example in (one for one in arguments if not one.startswith("-")):
        try:
            make(example)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"examples/{example}: no environment, so its tests do not run: {error}", file=sys.stderr)
            if not optional:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
