"""What a server would refuse is refused here: unknown fields, absent namespaces, kinds nobody has defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes import definitions
from agentic.sandbox.providers.kubernetes.objects import ObjectStore, Ref
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from agentic.sandbox.providers.kubernetes.scope import ALWAYS_THERE, CLUSTER_SCOPED


class Rules:
    """The checks of one provider process."""

    def __init__(self, schemas: Schemas, database: Database, brought: Callable[[], Iterable[str]]) -> None:
        """Check by `schemas`; count kinds without one in `database`; `brought` gives API groups EKS itself brought."""
        self._schemas = schemas
        self._database = database
        self._brought = brought

    def is_namespaced(self, api_version: str, kind: str) -> bool | None:
        """Tell whether objects of a kind live in namespaces; None where nothing says."""
        if definitions.group_of(api_version) in definitions.BUILT_IN:
            return kind not in CLUSTER_SCOPED
        return self._schemas.namespaced(api_version, kind)

    def faults(self, body: Mapping[str, Any], *, partial: bool = False) -> list[tuple[str, str]]:
        """List (path, reason) of what the object's schema does not allow."""
        return self._schemas.faults(body, partial=partial)

    def admit(self, store: ObjectStore, ref: Ref) -> None:
        """Raise what the server would answer to a write; count a kind that no schema checked."""
        require_namespace(store, ref.namespace, ref)
        definitions.require(store, ref, self._brought)
        if not self._schemas.known(ref.api_version, ref.kind):
            self._database.connection.execute(
                "INSERT INTO unvalidated VALUES (?, 1) ON CONFLICT (kind) DO UPDATE SET seen = seen + 1",
                (f"{ref.api_version} {ref.kind}",),
            )


def require_namespace(store: ObjectStore, namespace: str, wanted_by: object) -> None:
    """Raise NotFound for a namespace that is neither made nor one of those that every cluster has."""
    absent = namespace not in ALWAYS_THERE and store.get(Ref("v1", "Namespace", "", namespace)) is None
    if namespace and absent:
        raise ResourceError("NotFound", f'namespaces "{namespace}" not found, for {wanted_by}')


def unvalidated_kinds(database: Database) -> dict[str, int]:
    """Give the kinds that were written without a schema to check them, with how often."""
    return dict(database.connection.execute("SELECT kind, seen FROM unvalidated ORDER BY kind").fetchall())
