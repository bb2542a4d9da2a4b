"""What Langfuse keeps on volumes: traces in ClickHouse, and the quorum that says which server has which part."""

from __future__ import annotations

from components.core.stateful import BackupOwner, Stateful
from components.langfuse.names import CLUSTER, NAMESPACE

_CLAIM = "clickhouse-storage-volume"
"""The operator's own name of its claim (ClickHouse/clickhouse-operator, internal/validation_constants.go)."""


def stateful() -> tuple[Stateful, ...]:
    """The volumes behind the operator's pods; prompts and media lie in a bucket, accounts in Postgres."""
    return (
        Stateful(
            what="traces, scores and observations",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/{_CLAIM}-{CLUSTER}-clickhouse",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
        Stateful(
            what="which ClickHouse server has which part of a table",
            type="PersistentVolumeClaim",
            name=f"{NAMESPACE}/{_CLAIM}-{CLUSTER}-keeper",
            owner=BackupOwner.VOLUME_SNAPSHOTS,
        ),
    )
