"""What of Milvus holds data besides its bucket."""

from __future__ import annotations

from components.core.stateful import BackupOwner, Stateful
from components.milvus.names import ETCD, NAMESPACE


def stateful() -> tuple[Stateful, ...]:
    """The volumes of etcd alone: log and segments are in the bucket, and a pod's disk is a cache of it."""
    return (
        Stateful(
            what="names, schemas and users of Milvus, and where in the bucket its data is",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/data-{ETCD}-",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
    )
