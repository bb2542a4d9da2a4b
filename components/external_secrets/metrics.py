"""The series of External Secrets that rules and panels may use (pkg/controllers/*/*metrics)."""

from __future__ import annotations

from components.charts.metrics import MetricSource

COMPONENT = "external_secrets"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job="external-secrets-metrics",
        names=frozenset(
            {
                "up",
                # Of an object; its namespace is the label `exported_namespace`, since the scrape has its own.
                "clustersecretstore_status_condition",
                "externalsecret_status_condition",
                "externalsecret_sync_calls_error",
                "externalsecret_sync_calls_total",
                "pushsecret_status_condition",
            }
        ),
    ),
)
