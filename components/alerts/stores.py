"""Alerts about what holds data: vectors, caches, traces."""

from __future__ import annotations

from components.alerts.rules import Alert, Group, Severity

_LANGFUSE = frozenset({"langfuse", "prometheus"})


def _gone(
    name: str, *, kind: str, namespace: str, workload: str, part: str, summary: str, severity: Severity
) -> Alert:
    available = {
        "deployment": "kube_deployment_status_replicas_available",
        "statefulset": "kube_statefulset_status_replicas_ready",
    }[kind]
    return Alert(
        name=name,
        expr=f'{available}{{namespace="{namespace}", {kind}=~"{workload}"}} == 0',
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
            namespace="ai-data",
            workload="milvus.*",
            part="milvus",
            summary="{{ $labels.deployment }} has no ready pod: retrieval fails",
            severity="critical",
        ),
        _gone(
            "MilvusMetadataDown",
            kind="statefulset",
            namespace="ai-data",
            workload="milvus-etcd",
            part="milvus",
            summary="{{ $labels.statefulset }} has no ready pod: Milvus cannot change or find collections",
            severity="critical",
        ),
        Alert(
            name="ValkeyDown",
            # One Deployment, or a StatefulSet where it is replicated.
            expr=(
                'kube_deployment_status_replicas_available{namespace="ai-data", deployment=~"valkey.*"} == 0\n'
                '  or kube_statefulset_status_replicas_ready{namespace="ai-data", statefulset=~"valkey.*"} == 0'
            ),
            hold="2m",
            severity="critical",
            summary="Valkey has no ready pod: sessions, queues and rate limits are gone until it is back",
            needs=frozenset({"prometheus", "valkey"}),
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
