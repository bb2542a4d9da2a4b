"""The series of the stores under Langfuse; Langfuse itself exports none."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.langfuse.names import CLUSTER, NAMESPACE, OPERATOR_RELEASE

COMPONENT = "langfuse"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        # A PodMonitor's job is its namespace and name.
        job=f"{NAMESPACE}/{CLUSTER}-clickhouse",
        names=frozenset(
            {
                "up",
                "ClickHouseAsyncMetrics_ReplicasMaxAbsoluteDelay",
                "ClickHouseMetrics_DelayedInserts",
                "ClickHouseMetrics_MemoryTracking",
                "ClickHouseMetrics_Query",
                "ClickHouseMetrics_ReadonlyReplica",
                "ClickHouseProfileEvents_DelayedInserts",
                "ClickHouseProfileEvents_FailedQuery",
                "ClickHouseProfileEvents_InsertedRows",
                "ClickHouseProfileEvents_Query",
                "ClickHouseProfileEvents_RejectedInserts",
            }
        ),
    ),
    MetricSource(component=COMPONENT, job=f"{NAMESPACE}/{CLUSTER}-keeper", names=frozenset({"up"})),
    MetricSource(
        component=COMPONENT,
        job=f"{OPERATOR_RELEASE}-metrics-service",
        names=frozenset(
            {
                "up",
                "controller_runtime_reconcile_errors_total",
                "controller_runtime_reconcile_total",
                *histogram("controller_runtime_reconcile_time_seconds"),
            }
        ),
    ),
)
