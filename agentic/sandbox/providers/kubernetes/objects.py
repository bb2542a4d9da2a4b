"""Where Kubernetes objects live: a small interface, and the embedded store behind it.

A real API server can take the place of `EmbeddedStore` (`server_store`): nothing outside this module knows sqlite.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.managers import manager_of
from agentic.sandbox.providers.notices import say_gone_along

Body = dict[str, Any]


@dataclass(frozen=True, order=True)
class Ref:
    """The address of one object."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.api_version} {self.kind} {place}"


@dataclass(frozen=True)
class Stored:
    """An object and who owns it: the resource's URN, or on a server its field manager."""

    ref: Ref
    owner: str
    body: Body
    live: bool = False
    """As a server shows it, with all that the server added."""

    def is_of(self, urn: str) -> bool:
        """Tell whether the resource of this URN, and no other, made it."""
        return self.owner in (urn, manager_of(urn))


class ObjectStore(Protocol):
    """What the provider needs of a cluster's API."""

    def get(self, ref: Ref) -> Stored | None:
        """Give an object."""
        ...

    def create(self, ref: Ref, owner: str, body: Body) -> None:
        """Add an object or raise AlreadyExists."""
        ...

    def replace(self, ref: Ref, owner: str, body: Body) -> None:
        """Put a new body in place of the old one or raise NotFound."""
        ...

    def try_out(self, ref: Ref, body: Body) -> None:
        """Have a change judged as far as that goes without making it."""
        ...

    def delete(self, ref: Ref) -> bool:
        """Remove an object and, for a namespace, what is in it; tell whether it was there."""
        ...

    def objects(self, kind: str | None = None) -> Iterator[Stored]:
        """List objects in order of their addresses."""
        ...


class EmbeddedStore:
    """Objects of one cluster in `store.db`."""

    def __init__(self, database: Database, cluster: str) -> None:
        """Keep the objects of `cluster` apart from those of others."""
        self._database = database
        self._cluster = cluster

    def get(self, ref: Ref) -> Stored | None:
        """Give an object."""
        row = self._database.connection.execute(
            f"SELECT owner, body FROM object WHERE {_WHERE}",  # noqa: S608 - a constant
            self._key(ref),
        ).fetchone()
        return None if row is None else Stored(ref, row[0], json.loads(row[1]))

    def create(self, ref: Ref, owner: str, body: Body) -> None:
        """Add an object or raise AlreadyExists."""
        added = self._database.connection.execute(
            "INSERT OR IGNORE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*self._key(ref), owner, json.dumps(body, sort_keys=True)),
        ).rowcount
        if not added:
            raise ResourceError("AlreadyExists", f"{ref} already exists")

    def replace(self, ref: Ref, owner: str, body: Body) -> None:
        """Put a new body in place of the old one or raise NotFound."""
        changed = self._database.connection.execute(
            f"UPDATE object SET owner = ?, body = ? WHERE {_WHERE}",  # noqa: S608 - a constant
            (owner, json.dumps(body, sort_keys=True), *self._key(ref)),
        ).rowcount
        if not changed:
            raise ResourceError("NotFound", f"{ref} not found")

    def try_out(self, ref: Ref, body: Body) -> None:
        """Judge nothing more: what this store knows of an object was checked before."""

    def delete(self, ref: Ref) -> bool:
        """Remove an object; a namespace takes its content along, as the namespace controller does, and says so."""
        with self._database.transaction() as connection:
            if ref.kind == "Namespace" and ref.api_version == "v1":
                inside = connection.execute(
                    "DELETE FROM object WHERE cluster = ? AND namespace = ? RETURNING kind, name",
                    (self._cluster, ref.name),
                ).fetchall()
                say_gone_along(f"namespace {ref.name}", inside)
            removed = connection.execute(f"DELETE FROM object WHERE {_WHERE}", self._key(ref)).rowcount  # noqa: S608
        return bool(removed)

    def objects(self, kind: str | None = None) -> Iterator[Stored]:
        """List objects in order of their addresses."""
        rows = self._database.connection.execute(
            "SELECT api_version, kind, namespace, name, owner, body FROM object"
            " WHERE cluster = ? AND (kind = ? OR ? IS NULL) ORDER BY namespace, api_version, kind, name",
            (self._cluster, kind, kind),
        ).fetchall()
        return (Stored(Ref(*row[:4]), row[4], json.loads(row[5])) for row in rows)

    def _key(self, ref: Ref) -> tuple[str, ...]:
        return (self._cluster, ref.api_version, ref.kind, ref.namespace, ref.name)


_WHERE = "cluster = ? AND api_version = ? AND kind = ? AND namespace = ? AND name = ?"


class FaultyStore:
    """Another store behind the fault switch."""

    def __init__(self, store: ObjectStore, faults: Faults) -> None:
        """Pass every call on to `store`, unless it is throttled."""
        self._store = store
        self._faults = faults

    def get(self, ref: Ref) -> Stored | None:
        """Give an object."""
        return self._faults.call(lambda: self._store.get(ref))

    def create(self, ref: Ref, owner: str, body: Body) -> None:
        """Add an object."""
        self._faults.call(lambda: self._store.create(ref, owner, body))

    def replace(self, ref: Ref, owner: str, body: Body) -> None:
        """Put a new body in place."""
        self._faults.call(lambda: self._store.replace(ref, owner, body))

    def try_out(self, ref: Ref, body: Body) -> None:
        """Have a change judged."""
        self._faults.call(lambda: self._store.try_out(ref, body))

    def delete(self, ref: Ref) -> bool:
        """Remove an object."""
        return self._faults.call(lambda: self._store.delete(ref))

    def objects(self, kind: str | None = None) -> Iterator[Stored]:
        """List objects."""
        return self._faults.call(lambda: self._store.objects(kind))
