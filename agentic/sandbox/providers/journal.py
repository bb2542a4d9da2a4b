"""A killed run loses nothing and doubles nothing: every creation is written down before and after it happens.

The engine learns of a new thing when `Create` returns, and keeps it when its state file is written. Between the
call to the cloud and that write, `kill -9` leaves a thing nobody remembers; the next run would make a second one.
In production the engine's state then holds a *pending creation*, and an operator resolves it by hand with
`pulumi refresh --import-pending-creates` or `--clear-pending-creates`. The sandbox is run and killed by tests at
random points, so its providers resolve it themselves:

* `intent` is written before the call, the id (`live`) after it, `gone` after a deletion.
* A `Create` for a URN that has a live id which this engine run has not shown us adopts that id. The engine shows an
  id in Diff, Read, Update and Delete; what it shows is in its state already and must not be adopted.
* A `Create` for a URN whose id the engine did show is the first half of a create-before-delete replacement. It makes
  a second thing, and the first is marked `replaced`: the engine knows it and will delete it.
* An `intent` without an id means the crash fell between the call and the note. Its writer may still be finishing
  (a plugin outlives a killed engine for its call in flight), so we wait for that process, then ask the cloud by tag
  or by fixed name.
* A run whose Check came with old inputs has this URN in its state; if it never showed us an id (the resource moved
  to another provider), nothing is adopted: taking the wrong one would delete it, and a leftover is an orphan.

What is live in the journal and absent from the engine's state is an orphan (a killed run whose change was then taken
back): `orphans` lists them, newest first, so that they can be deleted in that order.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from agentic.sandbox import process
from agentic.sandbox.providers.database import Database

WAIT_FOR_WRITER_SECONDS = 30.0


@dataclass(frozen=True)
class Orphan:
    """A thing that exists and that no engine state mentions."""

    urn: str
    type: str
    id: str


@dataclass(frozen=True)
class Pending:
    """One creation under way."""

    seq: int
    interrupted: bool  # an earlier attempt may have made it without noting its id
    adoptable: tuple[str, ...]  # newest first
    taken: frozenset[str]  # ids that are accounted for, so no leftover of an interrupted attempt


class Journal:
    """The creations of one sandbox, as one provider process sees them."""

    def __init__(self, database: Database) -> None:
        """Read and write the journal table of `database`."""
        self._database = database
        self._shown: set[tuple[str, str]] = set()
        self._in_state: set[str] = set()
        self._guard = threading.Lock()
        self._born = process.birth(os.getpid()) or ""

    def shown(self, urn: str, identity: str) -> None:
        """Note that the engine named this id itself, so its state holds it."""
        with self._guard:
            self._shown.add((urn, identity))

    def in_state(self, urn: str) -> None:
        """Note that the engine's state holds this URN under an id we may not have seen yet."""
        with self._guard:
            self._in_state.add(urn)

    def begin(self, urn: str, type_: str, inputs: Mapping[str, Any]) -> Pending:
        """Write the intent to create and say what may be adopted instead."""
        self._wait_for_writers(urn)
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, state FROM creation WHERE urn = ? AND state != 'gone' ORDER BY seq DESC", (urn,)
            ).fetchall()
            interrupted = any(state == "intent" for _, state in rows)
            taken = [identity for identity, state in rows if state != "intent"]
            with self._guard:
                shown = {identity for identity in taken if (urn, identity) in self._shown}
                blind = urn in self._in_state and not shown
            adoptable = [] if blind else [i for i, state in rows if state == "live" and i not in shown]
            connection.execute(
                "UPDATE creation SET state = 'gone' WHERE urn = ? AND state = 'intent'", (urn,)
            )
            seq = connection.execute(
                "INSERT INTO creation (urn, type, inputs, state, pid, born) VALUES (?, ?, ?, 'intent', ?, ?)",
                (urn, type_, fingerprint(inputs), os.getpid(), self._born),
            ).lastrowid
        assert seq is not None
        return Pending(seq, interrupted, tuple(adoptable), frozenset(taken))

    def done(self, pending: Pending, urn: str, identity: str) -> None:
        """Write the id; older things of the URN that the engine knows are being replaced."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE creation SET state = 'gone' WHERE urn = ? AND id = ?", (urn, identity))
            connection.execute(
                "UPDATE creation SET state = 'replaced' WHERE urn = ? AND state = 'live'", (urn,)
            )
            connection.execute(
                "UPDATE creation SET state = 'live', id = ? WHERE seq = ?", (identity, pending.seq)
            )
        self.shown(urn, identity)

    def abandoned(self, pending: Pending) -> None:
        """Note that a creation failed and its writer is done with it; it may have left a part."""
        self._database.connection.execute("UPDATE creation SET pid = 0 WHERE seq = ?", (pending.seq,))

    def gone(self, urn: str, identity: str) -> None:
        """Note a deletion, or that the cloud no longer knows the id."""
        self._database.connection.execute(
            "UPDATE creation SET state = 'gone' WHERE urn = ? AND id = ?", (urn, identity)
        )

    def orphans(self, known: Collection[tuple[str, str]]) -> list[Orphan]:
        """List what was created and is not among `known` (urn, id) pairs of an engine state, newest first."""
        rows = self._database.connection.execute(
            "SELECT urn, type, id FROM creation WHERE state IN ('live', 'replaced') ORDER BY seq DESC"
        ).fetchall()
        return [Orphan(*row) for row in rows if (row[0], row[2]) not in known]

    def _wait_for_writers(self, urn: str) -> None:
        """Wait until no other process is still creating this URN: a plugin finishes its call after its engine dies."""
        deadline = time.monotonic() + WAIT_FOR_WRITER_SECONDS
        while time.monotonic() < deadline:
            rows = self._database.connection.execute(
                "SELECT DISTINCT pid, born FROM creation WHERE urn = ? AND state = 'intent' AND pid != 0",
                (urn,),
            ).fetchall()
            if not any(pid != os.getpid() and process.is_same(pid, born) for pid, born in rows):
                return
            time.sleep(0.05)


def fingerprint(inputs: Mapping[str, Any]) -> str:
    """Hash inputs; the journal never holds them, they may carry secrets."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()
