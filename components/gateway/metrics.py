"""The series of proxies and controller (agentgateway v1.4.1: telemetry/metrics.rs, controller/pkg/controller)."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.gateway.names import CONTROLLER, GATEWAY, NAMESPACE

COMPONENT = "gateway"

PROXY = MetricSource(
    component=COMPONENT,
    # A PodMonitor's job is its namespace and name.
    job=f"{NAMESPACE}/{GATEWAY}",
    names=frozenset(
        {
            "up",
            "agentgateway_build_info",
            "agentgateway_requests_total",
            "agentgateway_retries_total",
            "agentgateway_downstream_connections_total",
            "agentgateway_mcp_requests_total",
            "agentgateway_gen_ai_client_cost_usd_total",
            "agentgateway_response_bytes_total",
            *histogram("agentgateway_request_duration_seconds"),
            *histogram("agentgateway_upstream_connect_duration_seconds"),
            *histogram("agentgateway_upstream_call_duration_seconds"),
            *histogram("agentgateway_tls_handshake_duration_seconds"),
            *histogram("agentgateway_gen_ai_client_token_usage"),
            *histogram("agentgateway_gen_ai_server_request_duration"),
            *histogram("agentgateway_gen_ai_server_time_to_first_token"),
            *histogram("agentgateway_gen_ai_server_time_per_output_token"),
        }
    ),
)
"""Each carries `tenant`, which the gateway writes from the verified token."""

CONTROLLER_SERIES = MetricSource(
    component=COMPONENT,
    job=CONTROLLER,
    names=frozenset(
        {
            "up",
            "agentgateway_controller_reconciliations_total",
            "agentgateway_controller_reconciliations_running",
            *histogram("agentgateway_controller_reconcile_duration_seconds"),
        }
    ),
)

SOURCES: tuple[MetricSource, ...] = (PROXY, CONTROLLER_SERIES)
