"""The processes of one API server: started in a directory of their own, always stopped, by pid.

The directory is a temporary one that goes with them, or one that was given and stays with what is in it.
Whoever is killed before it can stop them leaves a directory that names them; the next start stops those.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from agentic.rehearsal.errors import ServerFailed
from agentic.sandbox import process

PREFIX = "agentic-api-server-"
RECORD = "processes.json"
LOG_LINES = 5


class Processes:
    """Programs that live as long as this object's directory."""

    def __init__(self, home: Path | None = None) -> None:
        """Make the directory, private to the user; first clear up after those who could not."""
        self._stays = home is not None
        if home is None:
            remove_abandoned(Path(tempfile.gettempdir()))
            self.directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getuid()}-"))
        else:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            stop_recorded(home)
            self.directory = home
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._record()

    def start(self, name: str, command: list[str]) -> None:
        """Start a program; its output goes to `<name>.log`."""
        with (self.directory / f"{name}.log").open("wb") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the programs in order.
            self._running[name] = subprocess.Popen(
                command,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=_environment(),
            )
        self._record()

    def check_all(self) -> None:
        """ServerFailed, with the end of its log, when one of them has ended."""
        for name, child in self._running.items():
            code = child.poll()
            if code is None:
                continue
            raise ServerFailed(
                f"{name} ended with code {code}:\n{self.log_end(name)}",
                remedy="read the lines above; if they name a port or a file, free it and run this again",
            )

    def log(self, name: str) -> str:
        """Everything a program has said."""
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def log_end(self, name: str) -> str:
        """The last lines a program has said, indented."""
        lines = [line for line in self.log(name).splitlines() if line.strip()]
        return "\n".join(f"    {line[:400]}" for line in lines[-LOG_LINES:]) or "    (it said nothing)"

    def stop(self, name: str) -> None:
        """End one program at once: nothing it has is kept, so it need not tidy up."""
        child = self._running.pop(name)
        child.kill()
        child.wait()
        # Somebody may have removed the directory by hand: the others have to end all the same.
        with contextlib.suppress(FileNotFoundError):
            self._record()

    def close(self) -> None:
        """End all of them, the last started first, and remove a temporary directory."""
        try:
            for name in reversed(list(self._running)):
                self.stop(name)
        finally:
            if not self._stays:
                shutil.rmtree(self.directory, ignore_errors=True)

    def _record(self) -> None:
        pids = [os.getpid(), *(child.pid for child in self._running.values())]
        owner, *running = ([pid, process.birth(pid)] for pid in pids)
        fresh = self.directory / f".{RECORD}"
        fresh.write_text(json.dumps({"owner": owner, "running": running}))
        fresh.replace(self.directory / RECORD)


def remove_abandoned(home: Path) -> int:
    """Stop what runs for owners that are no more, and remove their directories; returns how many."""
    removed = 0
    for directory in home.glob(f"{PREFIX}{os.getuid()}-*"):
        if stop_recorded(directory):
            shutil.rmtree(directory, ignore_errors=True)
            removed += 1
    return removed


def stop_recorded(directory: Path) -> bool:
    """Stop what a directory names, unless its owner lives; False where that is so or nothing is named."""
    try:
        record: Any = json.loads((directory / RECORD).read_text())
        pid, born = record["owner"]
        running = [(int(number), str(birth)) for number, birth in record["running"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # being made at this moment, or not ours
    if process.is_same(int(pid), str(born)):
        return False
    for number, birth in reversed(running):
        process.stop(number, birth)
    return True


def _environment() -> dict[str, str]:
    """No proxy for loopback, and no etcd or Kubernetes settings of the operator's shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ETCD", "KUBE"))}
    return kept | {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
