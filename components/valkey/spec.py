"""What may be said about Valkey in the cluster."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec
from components.core.stateful import BackupOwner, Stateful

NAMESPACE = "ai-data"
RELEASE = "valkey"
PORT = 6379
HOST = f"{RELEASE}.{NAMESPACE}.svc.cluster.local"
"""The primary, and only the primary: the Service's selector names pod 0."""


class ValkeySpec(Spec):
    """A primary and its copies, in the cluster.

    Nothing takes over when the primary's node is lost: writes wait until its pod runs elsewhere in the zone,
    a minute or two. Where that is too long, let AWS run it (`mode: elasticache`).
    """

    mode: Literal["valkey"] = Field(default="valkey", description="In the cluster.")
    replicas: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Copies beside the primary: for reads and against the loss of a volume, not for failover.",
    )
    storage_gib: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Volume of each pod in GiB, for the log of writes: at least twice the memory. It cannot shrink.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="250m", memory="1Gi", cpu_limit="1", memory_limit="1Gi"),
        description=(
            "Of each server. Seven tenths of the memory limit hold data, the rest is for rewriting the log; "
            "when they are full, writes fail and nothing is thrown away."
        ),
    )


def stateful(spec: ValkeySpec) -> tuple[Stateful, ...]:
    """The volumes of the pods: queues and sessions are in them."""
    return (
        Stateful(
            what="queues, sessions and limits",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/valkey-data-{RELEASE}",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
    )
