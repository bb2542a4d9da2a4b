"""The collectors' own series, and the load of nodes that they bring as OTLP."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.otel.names import AGENT_NAMESPACE, GATEWAY

COMPONENT = "otel"

_COLLECTOR = frozenset(
    {
        "up",
        *(
            f"otelcol_{part}_{signal}_total"
            for signal in ("spans", "metric_points", "log_records")
            for part in (
                "receiver_accepted",
                "receiver_refused",
                "exporter_sent",
                "exporter_send_failed",
                "exporter_enqueue_failed",
            )
        ),
        "otelcol_exporter_queue_capacity",
        "otelcol_exporter_queue_size",
    }
)

REQUESTS = frozenset(
    {
        "agent_requests_total",
        "agent_request_errors_total",
        *histogram("agent_request_duration_seconds"),
        "gen_ai_input_tokens_total",
        "gen_ai_output_tokens_total",
        "gen_ai_call_errors_total",
        *histogram("gen_ai_call_duration_seconds"),
    }
)
"""What the gateway makes out of spans; see components.otel.requests."""

METRICS: tuple[MetricSource, ...] = (
    MetricSource(component=COMPONENT, job=GATEWAY, names=_COLLECTOR | REQUESTS),
    # A PodMonitor's job is its namespace and name.
    MetricSource(component=COMPONENT, job=f"{AGENT_NAMESPACE}/otel-agent", names=_COLLECTOR),
)
