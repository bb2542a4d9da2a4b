"""The series of cert-manager's controller (`internal/collectors` and `pkg/metrics` at v1.21.1).

`namespace` is that of the certificate or issuer.
"""

from __future__ import annotations

from components.cert_manager.pods import RELEASE
from components.charts.metrics import MetricSource, summary

COMPONENT = "cert_manager"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        # The monitor takes the job from `app.kubernetes.io/name`.
        job=RELEASE,
        names=frozenset(
            {
                "up",
                "certmanager_certificate_challenge_status",
                "certmanager_certificate_expiration_timestamp_seconds",
                "certmanager_certificate_not_after_timestamp_seconds",
                "certmanager_certificate_not_before_timestamp_seconds",
                "certmanager_certificate_ready_status",
                "certmanager_certificate_renewal_timestamp_seconds",
                "certmanager_clock_time_seconds",
                "certmanager_clusterissuer_ready_status",
                "certmanager_controller_sync_call_count",
                "certmanager_controller_sync_error_count",
                "certmanager_http_acme_client_request_count",
                *summary("certmanager_http_acme_client_request_duration_seconds"),
                "certmanager_issuer_ready_status",
            }
        ),
    ),
    MetricSource(component=COMPONENT, job="webhook", names=frozenset({"up"})),
    MetricSource(component=COMPONENT, job="cainjector", names=frozenset({"up"})),
)
