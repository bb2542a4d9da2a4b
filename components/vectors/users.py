"""Who gets into which database, and what they may do there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from components.core.names import bounded
from components.milvus.spec import SHARED, Instance
from components.secrets.spec import NAME_LIMIT, Credential, Key
from components.vectors.names import READS, SEARCHES
from components.vectors.spec import AGENTS_NAMESPACE, VectorsSpec, database

USER_NAME_LIMIT = 32
"""proxy.maxUsernameLength of Milvus."""

Right = Literal["write", "search"]

# Milvus runs with enablePublicPrivilege off: a user may do what its role is told and nothing else, not even
# see what fields a collection has. The groups bring that along: CollectionReadOnly has DescribeCollection,
# IndexDetail and the states of loading, DatabaseReadOnly has ShowCollections and DescribeDatabase.
# ListDatabases is in neither, and stays out: it is granted for `*` only, and whoever has any grant on `*` is
# shown the databases of all tenants (rootcoord, list_db_task.go).
PRIVILEGES: Mapping[Right, tuple[str, ...]] = {
    "write": ("CollectionReadWrite", "DatabaseReadOnly"),
    "search": ("CollectionReadOnly", "DatabaseReadOnly"),
}


@dataclass(frozen=True, kw_only=True)
class VectorUser:
    """One user of one database."""

    database: str
    right: Right
    namespace: str
    """Where it is told its password."""
    tenant: str | None = None
    instance: Instance = SHARED
    """The Milvus that knows it."""

    @property
    def name(self) -> str:
        """What Milvus knows it by."""
        whole = self.database if self.right == "write" else f"{self.database}_reader"
        # `bounded` hashes with a hyphen; Milvus has users with underscores in every version.
        return bounded(f"u_{whole}", USER_NAME_LIMIT).replace("-", "_")

    @property
    def reads(self) -> str:
        """The Secret it is told in."""
        return READS if self.right == "write" else SEARCHES

    @property
    def credential(self) -> str:
        """What its password is called in Secrets Manager, after the platform's prefix."""
        return bounded(f"milvus-{self.name.replace('_', '-')}", NAME_LIMIT)

    @property
    def grants(self) -> list[dict[str, str]]:
        """What its role may do, in its own database and nowhere else."""
        return [
            {"privilege": privilege, "dbName": self.database, "collectionName": "*"}
            for privilege in PRIVILEGES[self.right]
        ]


def users(spec: VectorsSpec, tenants: Collection[str]) -> tuple[VectorUser, ...]:
    """Two for each database there is: who writes, and who only searches."""
    rights: tuple[Right, ...] = ("write", "search")
    return tuple(
        VectorUser(
            database=database(tenant),
            right=right,
            namespace=tenant or AGENTS_NAMESPACE,
            tenant=tenant,
            instance=spec.home(tenant),
        )
        for tenant in (None, *tenants)
        if spec.collections_of(tenant)
        for right in rights
    )


def platform_reader(spec: VectorsSpec) -> VectorUser | None:
    """Who the platform's own retrieval tools search as; None where there is nothing of the platform's to search."""
    found = (user for user in users(spec, ()) if user.right == "search")
    return next(found, None) if spec.enabled else None


def credentials(spec: VectorsSpec, tenants: Collection[str]) -> tuple[Credential, ...]:
    """A password for each user, one secret each: a tenant reads its own and no other."""
    if not spec.enabled:
        return ()
    return tuple(
        Credential(
            name=user.credential,
            home=user.instance.namespace,
            keys=(Key(name="password"),),
            assembled_by="vectors",
        )
        for user in users(spec, tenants)
    )
