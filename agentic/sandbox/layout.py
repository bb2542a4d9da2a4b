"""Where one sandbox keeps everything it owns: one directory per stack, nothing outside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SANDBOX_DIRECTORY = ".sandbox"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of the sandbox of one stack of one checkout; two of them never share a path."""

    root: Path
    stack: str

    @property
    def home(self) -> Path:
        """Everything below is removed when the sandbox is."""
        return self.root / SANDBOX_DIRECTORY / self.stack

    @property
    def state(self) -> Path:
        """The engine's file backend: checkpoints, history, locks."""
        return self.home / "state"

    @property
    def work(self) -> Path:
        """The project the engine sees. Not the checkout: the engine writes salts into stack files."""
        return self.home / "work"

    @property
    def engine_home(self) -> Path:
        """`PULUMI_HOME`, so that no credentials or plugins of the operator's leak in or out."""
        return self.home / "pulumi"

    @property
    def launchers(self) -> Path:
        """Provider executables, first on the engine's PATH."""
        return self.home / "bin"

    @property
    def logs(self) -> Path:
        """Logs of moto and of the providers."""
        return self.home / "logs"

    @property
    def store(self) -> Path:
        """Kubernetes objects, releases and the AWS things moto has no API for."""
        return self.home / "store.db"

    @property
    def aws(self) -> Path:
        """Which process serves AWS, and where."""
        return self.home / "moto.json"

    @property
    def api_server(self) -> Path:
        """The API server's own directory; there where this sandbox asked for one, and only there."""
        return self.home / "api-server"

    @property
    def api_record(self) -> Path:
        """Which process keeps the API server running, where it answers, and its token."""
        return self.api_server / "server.json"

    @property
    def passphrase(self) -> Path:
        """Encrypts this sandbox's state and nothing else; readable by its owner only."""
        return self.home / "passphrase"

    @property
    def lock(self) -> Path:
        """Held by the run that is using the sandbox."""
        return self.home / "lock"

    def create(self) -> None:
        """Make the directories, private to the user."""
        for directory in (self.home, self.state, self.work, self.engine_home, self.launchers, self.logs):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
