"""The series of the AWS Load Balancer Controller (`pkg/metrics` at v3.5.0)."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.load_balancer_controller.pods import RELEASE

COMPONENT = "load_balancer_controller"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset(
            {
                "up",
                "aws_api_call_permission_errors_total",
                "aws_api_call_service_limit_exceeded_errors_total",
                "aws_api_call_throttled_errors_total",
                "aws_api_call_validation_errors_total",
                "aws_api_calls_total",
                *histogram("aws_api_call_duration_seconds"),
                "awslbc_controller_cache_object_total",
                "awslbc_controller_reconcile_errors_total",
                *histogram("awslbc_controller_reconcile_stage_duration"),
                *histogram("awslbc_readiness_gate_ready_seconds"),
                "awslbc_webhook_mutation_failure_total",
                "awslbc_webhook_validation_failure_total",
                "controller_runtime_reconcile_errors_total",
                "controller_runtime_reconcile_total",
                "workqueue_depth",
            }
        ),
    ),
)
