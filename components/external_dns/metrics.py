"""The series of external-dns (`docs/monitoring/metrics.md` at v0.21.0)."""

from __future__ import annotations

from components.charts.metrics import MetricSource
from components.external_dns.pods import RELEASE

COMPONENT = "external_dns"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=RELEASE,
        names=frozenset(
            {
                "up",
                "external_dns_build_info",
                "external_dns_controller_consecutive_soft_errors",
                "external_dns_controller_last_reconcile_timestamp_seconds",
                "external_dns_controller_last_sync_timestamp_seconds",
                "external_dns_controller_no_op_runs_total",
                "external_dns_controller_verified_records",
                "external_dns_registry_endpoints_total",
                "external_dns_registry_errors_total",
                "external_dns_registry_records",
                "external_dns_registry_skipped_records_owner_mismatch_per_sync",
                "external_dns_source_endpoints_total",
                "external_dns_source_errors_total",
                "external_dns_source_invalid_endpoints",
                "external_dns_source_records",
            }
        ),
    ),
)
