"""Makes the environment in which the relay's modules run inside LiteLLM's own proxy, once for each lock."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import venv
from pathlib import Path

from setup import uv_environment  # of the same directory

from agentic.relay_package import LOCK, STAMP, directory, python

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Make it unless it is there; return the exit code."""
    target = directory(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if python(ROOT) is None:
            print(
                "relay-proxy: installing LiteLLM's proxy by tools/relay.txt (half a minute to 2 minutes)",
                flush=True,
            )
            venv.create(target, clear=target.exists(), symlinks=True)
            uv = ROOT / ".venv" / "bin" / "uv"
            command = [
                uv,
                "pip",
                "sync",
                "--quiet",
                "--python",
                target / "bin" / "python",
                "--require-hashes",
            ]
            done = subprocess.run([*map(str, command), LOCK], cwd=ROOT, env=uv_environment(), check=False)
            if done.returncode:
                print("relay-proxy: not installed; the installer's message is above", file=sys.stderr)
                # Without it those tests are left out and said to be; CI leaves nothing out.
                return 1 if os.environ.get("CI") else 0
            (target / STAMP).touch()
    print(f"relay-proxy: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
