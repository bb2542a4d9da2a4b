"""The series of cert-manager that rules and panels may use (v1.21, internal/collectors)."""

from __future__ import annotations

from components.charts.metrics import MetricSource

COMPONENT = "cert_manager"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        # The monitor takes the value of app.kubernetes.io/name.
        job="cert-manager",
        names=frozenset(
            {
                "up",
                # Of a certificate; its namespace is the label `exported_namespace`, since the scrape has its own.
                "certmanager_certificate_expiration_timestamp_seconds",
                "certmanager_certificate_ready_status",
                "certmanager_certificate_renewal_timestamp_seconds",
            }
        ),
    ),
)
