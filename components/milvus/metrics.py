"""The series of Milvus and of its etcd; names from pkg/metrics of milvus 2.6 and from etcd 3.5."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.milvus.names import etcd_metrics
from components.milvus.spec import SHARED, Instance, MilvusSpec, StandaloneMilvus

COMPONENT = "milvus"

_PROCESS = frozenset({"up", "process_cpu_seconds_total", "process_resident_memory_bytes"})
_PROXY = frozenset(
    {
        "milvus_proxy_insert_vectors_count",
        "milvus_proxy_receive_bytes_count",
        "milvus_proxy_req_count",
        "milvus_proxy_search_vectors_count",
        *histogram("milvus_proxy_mutation_latency"),
        *histogram("milvus_proxy_req_latency"),
        *histogram("milvus_proxy_sq_latency"),
    }
)
_COORDINATOR = frozenset(
    {
        "milvus_datacoord_segment_num",
        "milvus_datacoord_stored_binlog_size",
        "milvus_datacoord_stored_index_files_size",
        "milvus_datacoord_stored_rows_num",
        "milvus_rootcoord_collection_num",
        "milvus_rootcoord_credential_num",
        "milvus_rootcoord_database_num",
        "milvus_rootcoord_ddl_req_count",
        "milvus_rootcoord_entity_num",
        "milvus_rootcoord_force_deny_writing_counter",
        "milvus_rootcoord_proxy_num",
    }
)
_QUERY_NODE = frozenset(
    {
        "milvus_querynode_collection_num",
        "milvus_querynode_entity_num",
        "milvus_querynode_read_task_ready_len",
        "milvus_querynode_segment_num",
        "milvus_querynode_sq_req_count",
        *histogram("milvus_querynode_load_segment_latency"),
        *histogram("milvus_querynode_sq_req_latency"),
    }
)
_STREAMING_NODE = frozenset(
    {
        "milvus_wal_append_message_total",
        "milvus_wal_growing_segment_bytes",
        *histogram("milvus_wal_append_message_duration_seconds"),
    }
)
_ETCD = frozenset(
    {
        "up",
        "etcd_mvcc_db_total_size_in_bytes",
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "etcd_server_has_leader",
        "etcd_server_leader_changes_seen_total",
        "etcd_server_proposals_failed_total",
        "etcd_server_quota_backend_bytes",
        "process_resident_memory_bytes",
        *histogram("etcd_disk_backend_commit_duration_seconds"),
        *histogram("etcd_disk_wal_fsync_duration_seconds"),
        *histogram("etcd_network_peer_round_trip_time_seconds"),
    }
)


def sources(spec: MilvusSpec, instance: Instance = SHARED) -> tuple[MetricSource, ...]:
    """What each job yields; a standalone Milvus is one job with everybody's series."""
    name = instance.name
    of_etcd = MetricSource(component=COMPONENT, job=etcd_metrics(instance), names=_ETCD)
    everything = _PROXY | _COORDINATOR | _QUERY_NODE | _STREAMING_NODE
    if isinstance(spec, StandaloneMilvus):
        return _source(name, everything), of_etcd
    return (
        _source(name, _PROXY),
        _source(f"{name}-mixcoord", _COORDINATOR),
        _source(f"{name}-querynode", _QUERY_NODE),
        _source(f"{name}-streamingnode", _STREAMING_NODE),
        _source(f"{name}-datanode", frozenset()),
        of_etcd,
    )


def _source(job: str, names: frozenset[str]) -> MetricSource:
    return MetricSource(component=COMPONENT, job=job, names=names | _PROCESS)
