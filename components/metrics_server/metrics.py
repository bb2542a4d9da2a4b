"""The series of metrics-server about itself (`pkg` at v0.8.1); what it measures is an API and no series."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.metrics_server.pods import RELEASE

COMPONENT = "metrics_server"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset(
            {
                "up",
                *histogram("metrics_server_api_metric_freshness_seconds"),
                "metrics_server_kubelet_last_request_time_seconds",
                *histogram("metrics_server_kubelet_request_duration_seconds"),
                "metrics_server_kubelet_request_total",
                *histogram("metrics_server_manager_tick_duration_seconds"),
                "metrics_server_storage_points",
            }
        ),
    ),
)
