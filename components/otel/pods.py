"""The pods of the collectors."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload, labels
from components.otel import requests
from components.otel.base import METRICS_PORT
from components.otel.names import (
    AGENT,
    AGENT_NAMESPACE,
    AGENT_RELEASE,
    AGENTS_PORT,
    GATEWAY,
    GATEWAY_NAMESPACE,
    GATEWAY_RELEASE,
    GRPC_PORT,
    HTTP_PORT,
)
from components.otel.spec import OtelSpec

GATEWAY_LABELS = labels("opentelemetry-collector", GATEWAY_RELEASE, component="standalone-collector")
AGENT_LABELS = labels("opentelemetry-collector", AGENT_RELEASE, component="agent-collector")
PORTS = (Port("metrics", METRICS_PORT), Port("otlp", GRPC_PORT), Port("otlp-http", HTTP_PORT))
CONTAINER = "opentelemetry-collector"


def pods(spec: OtelSpec) -> tuple[PodClass, ...]:
    """The gateway, and an agent on every node."""
    return (
        PodClass(
            release=GATEWAY_RELEASE,
            namespace=GATEWAY_NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=GATEWAY,
            labels=GATEWAY_LABELS,
            ports=(*PORTS, Port("otlp-agents", AGENTS_PORT), Port(requests.PORT_NAME, requests.PORT)),
            pod_security=PodSecurity.RESTRICTED,
            service_account=GATEWAY,
            containers=(
                Container(
                    name=CONTAINER,
                    image=images.OTEL_COLLECTOR_CONTRIB,
                    resources=spec.gateway_resources,
                ),
            ),
            replicas=spec.replicas,
        ),
        PodClass(
            release=AGENT_RELEASE,
            namespace=AGENT_NAMESPACE,
            kind=Workload.DAEMON_SET,
            name=f"{AGENT}-agent",
            labels=AGENT_LABELS,
            ports=PORTS,
            pod_security=PodSecurity.PRIVILEGED,
            service_account=AGENT,
            containers=(
                Container(name=CONTAINER, image=images.OTEL_COLLECTOR_K8S, resources=spec.agent_resources),
            ),
            replicas=None,
        ),
    )
