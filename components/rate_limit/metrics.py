"""The service's series (envoyproxy/ratelimit, src/stats/prom/default_mapper.yaml)."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.rate_limit.spec import SERVICE

COMPONENT = "gateway"

SOURCES: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=SERVICE,
        names=frozenset(
            {
                "up",
                # Counters that pass the mapper's rules, which name them without a suffix.
                "ratelimit_service_rate_limit_total_hits",
                "ratelimit_service_rate_limit_over_limit",
                "ratelimit_service_rate_limit_near_limit",
                "ratelimit_service_rate_limit_within_limit",
                "ratelimit_service_total_requests",
                "ratelimit_service_should_rate_limit_error",
                "ratelimit_service_config_load_success",
                "ratelimit_service_config_load_error",
                *histogram("ratelimit_service_response_time_seconds"),
            }
        ),
    ),
)
