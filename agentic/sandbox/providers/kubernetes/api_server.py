"""The API server of this sandbox, as its provider reaches it: one server, which stands for one cluster."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.objects import ObjectStore

if TYPE_CHECKING:
    from agentic.rehearsal.objects import Objects
    from agentic.sandbox.providers.kubernetes.server_store import ServerKinds

CLUSTER = "cluster"
"""The file beside the record that says which cluster the server stands for."""


class Connection:
    """Connects when it is first needed: at a first preview nobody asks."""

    def __init__(self, record: Path, crds: Path | None) -> None:
        """Reach the server that `record` names, with definitions from `crds`."""
        self._record = record
        self._crds = crds
        self._reached: tuple[Objects, ServerKinds] | None = None
        self._turn = threading.Lock()

    def store(self, cluster: str, own: ObjectStore) -> ObjectStore:
        """Give the objects of a cluster; a second cluster has no server to live in."""
        from agentic.sandbox.providers.kubernetes.server_store import ServerStore

        with self._turn:
            if self._reached is None:
                self._reached = self._reach()
            self._claim(cluster)
        return ServerStore(*self._reached, own)

    def _reach(self) -> tuple[Objects, ServerKinds]:
        from agentic.rehearsal.client import Unreachable
        from agentic.rehearsal.objects import Objects
        from agentic.sandbox.api_server import read
        from agentic.sandbox.providers.kubernetes.server_store import ServerKinds

        server = read(self._record)
        if server is None:
            raise ResourceError("Unreachable", f"no API server is recorded in {self._record}")
        try:
            objects = Objects(server.client())
        except Unreachable as failure:
            raise ResourceError("Unreachable", failure.problem) from None
        return objects, ServerKinds(objects, self._crds)

    def _claim(self, cluster: str) -> None:
        path = self._record.with_name(CLUSTER)
        if not path.exists():
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_text(cluster)
            with contextlib.suppress(FileExistsError):  # another process of this provider was quicker
                path.hardlink_to(fresh)
            fresh.unlink()
        bound = path.read_text()
        if bound != cluster:
            raise ResourceError(
                "Unreachable",
                f"the API server of this sandbox stands for cluster {bound!r} and cannot be {cluster!r} too: "
                "rehearse more than one cluster without --api-server",
            )
