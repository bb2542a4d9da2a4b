"""The controller's own series: those of controller-runtime, and its build (kagent v0.9.12, go/core/pkg/app).

It has none about what agents are asked or answer; those are counted from spans by the collector.
"""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.kagent.names import METRICS_SERVICE

COMPONENT = "kagent"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=METRICS_SERVICE,
        names=frozenset(
            {
                "up",
                "kagent_build_info",
                "controller_runtime_reconcile_total",
                "controller_runtime_reconcile_errors_total",
                "controller_runtime_active_workers",
                *histogram("controller_runtime_reconcile_time_seconds"),
                "workqueue_depth",
                "workqueue_adds_total",
                "process_resident_memory_bytes",
            }
        ),
    ),
)
