"""What of a Milvus holds data besides its bucket."""

from __future__ import annotations

from components.core.stateful import BackupOwner, Stateful
from components.milvus.names import etcd
from components.milvus.spec import SHARED, Instance


def stateful(instance: Instance = SHARED) -> tuple[Stateful, ...]:
    """The volumes of etcd alone: log and segments are in the bucket, and a pod's disk is a cache of it."""
    return (
        Stateful(
            what=f"names, schemas and users of {instance.title}, and where in the bucket its data is",
            type="PersistentVolumeClaim",
            name=f"{instance.namespace}/data-{etcd(instance)}-",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
    )
