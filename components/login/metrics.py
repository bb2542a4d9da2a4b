"""oauth2-proxy's series (oauth2-proxy v7.15, pkg/middleware/metrics.go)."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.login.spec import SERVICE

SOURCES: tuple[MetricSource, ...] = (
    MetricSource(
        component="gateway",
        job=SERVICE,
        names=frozenset(
            {
                "up",
                "oauth2_proxy_requests_total",
                "oauth2_proxy_requests_in_flight",
                *histogram("oauth2_proxy_response_duration_seconds"),
            }
        ),
    ),
)
