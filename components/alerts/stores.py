"""Alerts about what holds data: vectors, caches, traces."""

from __future__ import annotations

from components.alerts.rules import Alert, Group, Severity

_LANGFUSE = frozenset({"langfuse", "prometheus"})
_MILVUS = frozenset({"milvus", "prometheus"})
_MILVUS_NAMESPACES = "ai-data(-.+)?"
"""Of the shared one, and of those that are one tenant's."""

_VALKEY = frozenset({"prometheus", "valkey"})


def _gone(
    name: str, *, kind: str, namespace: str, workload: str, part: str, summary: str, severity: Severity
) -> Alert:
    available = {
        "deployment": "kube_deployment_status_replicas_available",
        "statefulset": "kube_statefulset_status_replicas_ready",
    }[kind]
    compared = "=~" if namespace == _MILVUS_NAMESPACES else "="
    return Alert(
        name=name,
        expr=f'{available}{{namespace{compared}"{namespace}", {kind}=~"{workload}"}} == 0',
        hold="5m",
        severity=severity,
        summary=summary,
        needs=frozenset({part, "prometheus"}),
    )


STORES = Group(
    name="stores",
    rules=(
        _gone(
            "MilvusDown",
            kind="deployment",
            namespace=_MILVUS_NAMESPACES,
            workload="milvus.*",
            part="milvus",
            summary="{{ $labels.deployment }} in {{ $labels.namespace }} has no ready pod: retrieval fails",
            severity="critical",
        ),
        _gone(
            "MilvusMetadataDown",
            kind="statefulset",
            namespace=_MILVUS_NAMESPACES,
            workload="milvus(-.+)?-etcd",
            part="milvus",
            summary="{{ $labels.statefulset }} has no ready pod: Milvus cannot change or find collections",
            severity="critical",
        ),
        _gone(
            "ValkeyDown",
            kind="statefulset",
            namespace="ai-data",
            workload="valkey",
            part="valkey",
            summary="Valkey has no ready pod: sessions, queues and rate limits wait until it is back",
            severity="critical",
        ),
        Alert(
            name="ValkeyNearlyFull",
            expr=(
                "max by (namespace, pod) (redis_memory_used_bytes)\n"
                # Zero where no limit is set.
                "  / max by (namespace, pod) (redis_memory_max_bytes > 0) > 0.9"
            ),
            hold="10m",
            severity="warning",
            summary="{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory: full, it refuses writes",
            needs=_VALKEY,
        ),
        Alert(
            name="ValkeyNotPersisting",
            expr="min by (namespace, pod) (redis_aof_last_write_status) == 0",
            hold="5m",
            severity="critical",
            summary="{{ $labels.pod }} cannot write its log: what it holds is lost with the pod",
            needs=_VALKEY,
        ),
        Alert(
            name="MilvusMetadataNearlyFull",
            expr=(
                "max by (namespace, pod) (etcd_mvcc_db_total_size_in_bytes)\n"
                "  / max by (namespace, pod) (etcd_server_quota_backend_bytes > 0) > 0.8"
            ),
            hold="15m",
            severity="critical",
            summary=(
                "{{ $labels.pod }} uses {{ $value | humanizePercentage }} of etcd's quota: full, Milvus becomes "
                "read-only"
            ),
            needs=_MILVUS,
        ),
        Alert(
            name="MilvusDeniesWrites",
            expr="sum by (namespace) (increase(milvus_rootcoord_force_deny_writing_counter[10m])) > 0",
            hold="5m",
            severity="warning",
            summary="Milvus in {{ $labels.namespace }} refuses inserts: it is out of memory or disk",
            needs=_MILVUS,
        ),
        _gone(
            "LangfuseDown",
            kind="deployment",
            namespace="observability",
            workload="langfuse-(web|worker)",
            part="langfuse",
            summary="{{ $labels.deployment }} has no ready pod: traces of models are refused or wait",
            severity="warning",
        ),
        Alert(
            name="ClickHouseReadOnly",
            expr="max by (pod) (ClickHouseMetrics_ReadonlyReplica) > 0",
            hold="5m",
            severity="critical",
            summary="{{ $labels.pod }} has lost its keeper and takes no traces",
            needs=_LANGFUSE,
        ),
        Alert(
            name="ClickHouseRejectsInserts",
            expr="sum by (pod) (increase(ClickHouseProfileEvents_RejectedInserts[10m])) > 0",
            hold="5m",
            severity="critical",
            summary="{{ $labels.pod }} refuses inserts: it has too many parts to merge",
            needs=_LANGFUSE,
        ),
        Alert(
            name="TracesArriveLate",
            expr=(
                "sum by (pod) (increase(ClickHouseProfileEvents_DelayedInserts[15m])) > 0\n"
                "  or max by (pod) (ClickHouseAsyncMetrics_ReplicasMaxAbsoluteDelay) > 300"
            ),
            hold="15m",
            severity="warning",
            summary="{{ $labels.pod }} is behind: Langfuse shows traces late",
            needs=_LANGFUSE,
        ),
    ),
)
