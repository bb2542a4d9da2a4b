"""The series of KEDA's operator and webhooks (`pkg/metricscollector` at v2.20.2).

`namespace` is that of the scaled object. A scaler has series from its first query on.
"""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.keda.pods import METRICS_APISERVER, OPERATOR, WEBHOOKS

COMPONENT = "keda"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=OPERATOR,
        names=frozenset(
            {
                "up",
                "keda_build_info",
                "keda_internal_scale_loop_latency_seconds",
                "keda_resource_registered_total",
                "keda_scaled_job_errors_total",
                "keda_scaled_object_errors_total",
                "keda_scaled_object_paused",
                "keda_scaler_active",
                "keda_scaler_detail_errors_total",
                "keda_scaler_empty_upstream_responses_total",
                "keda_scaler_http_requests_total",
                *histogram("keda_scaler_http_request_duration_seconds"),
                "keda_scaler_metrics_latency_seconds",
                "keda_scaler_metrics_value",
                "keda_trigger_registered_total",
            }
        ),
    ),
    MetricSource(
        component=COMPONENT,
        job=METRICS_APISERVER,
        names=frozenset(
            {
                "up",
                "keda_internal_metricsservice_grpc_client_handled_total",
                "keda_internal_metricsservice_grpc_client_started_total",
            }
        ),
    ),
    MetricSource(
        component=COMPONENT,
        job=WEBHOOKS,
        names=frozenset(
            {
                "up",
                "keda_webhook_scaled_object_validation_errors_total",
                "keda_webhook_scaled_object_validations_total",
            }
        ),
    ),
)
