"""The series of the External Secrets Operator (`pkg/controllers/*/*metrics` at v2.9.0).

`namespace` is that of the secret and not the operator's. A `status_condition` is 1 for the state that holds.
"""

from __future__ import annotations

from components.charts.metrics import MetricSource
from components.external_secrets.pods import RELEASE

COMPONENT = "external_secrets"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=f"{RELEASE}-metrics",
        names=frozenset(
            {
                "up",
                "clustersecretstore_reconcile_duration",
                "clustersecretstore_status_condition",
                "controller_runtime_reconcile_errors_total",
                "controller_runtime_reconcile_total",
                "externalsecret_provider_api_calls_count",
                "externalsecret_reconcile_duration",
                "externalsecret_status_condition",
                "externalsecret_sync_calls_error",
                "externalsecret_sync_calls_total",
                "pushsecret_reconcile_duration",
                "pushsecret_status_condition",
                "secretstore_reconcile_duration",
                "secretstore_status_condition",
                "workqueue_depth",
            }
        ),
    ),
    MetricSource(component=COMPONENT, job=f"{RELEASE}-webhook", names=frozenset({"up"})),
    MetricSource(component=COMPONENT, job=f"{RELEASE}-cert-controller-metrics", names=frozenset({"up"})),
)
