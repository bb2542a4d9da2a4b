"""One sqlite file holds everything a sandbox remembers, shared safely by several plugin processes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS creation (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, urn TEXT NOT NULL, type TEXT NOT NULL, id TEXT,
    inputs TEXT NOT NULL, state TEXT NOT NULL, pid INTEGER NOT NULL, born TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS creation_urn ON creation (urn);
CREATE TABLE IF NOT EXISTS fault (type TEXT PRIMARY KEY, creates INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS completion (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS object (
    cluster TEXT NOT NULL, api_version TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL,
    name TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (cluster, api_version, kind, namespace, name));
CREATE TABLE IF NOT EXISTS unvalidated (kind TEXT PRIMARY KEY, seen INTEGER NOT NULL);
"""


class Database:
    """Connections to `store.db`, one a thread; every write is its own transaction unless `transaction` spans it."""

    def __init__(self, directory: Path) -> None:
        """Create the file and its tables where they are absent."""
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "store.db"
        self._local = threading.local()
        self.connection.executescript(_SCHEMA)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of the running thread."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            # A write-ahead log survives kill -9 of any writer and lets readers go on meanwhile.
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=NORMAL")
            self._local.connection = found
        return found

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Hold the write lock for a read-then-write, so that two processes cannot interleave in it."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close this thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None
