"""What others call the collectors by."""

from __future__ import annotations

from components.core.aws import Place

GATEWAY_RELEASE = "otel-gateway"
AGENT_RELEASE = "otel-agent"
GATEWAY_NAMESPACE = "observability"
AGENT_NAMESPACE = "node-monitoring"
GATEWAY = "otel-collector"
"""Name, Service and ServiceAccount of the gateway."""
AGENT = "otel"
"""Service and ServiceAccount of the agents; the chart calls the DaemonSet `otel-agent`."""

GRPC_PORT = 4317
HTTP_PORT = 4318
AGENTS_PORT = 4319
"""Where the gateway believes what it is told about tenants: only agents can reach it."""

GATEWAY_ENDPOINT = f"http://{GATEWAY}.{GATEWAY_NAMESPACE}.svc:{GRPC_PORT}"
AGENT_ENDPOINT = f"http://{AGENT}.{AGENT_NAMESPACE}.svc:{GRPC_PORT}"
"""The collector of the caller's own node."""

TENANT_ATTRIBUTE = "tenant"
"""On every span, data point and log record; no dot in it, which a CloudWatch filter could not name."""

PLATFORM_TENANT = "platform"
"""What namespaces without a tenant write as."""

UNKNOWN_TENANT = "unknown"
"""What cannot be traced to a pod is written as: visible, and nobody's."""


def log_group(place: Place) -> str:
    """The CloudWatch group that every pod's log goes to."""
    return f"/agentic/{place.cluster_name}/pods"
