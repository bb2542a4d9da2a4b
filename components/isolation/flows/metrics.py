"""Who is scraped."""

from __future__ import annotations

from components.isolation.ends import (
    API_SERVER,
    TENANTS,
    Flow,
)
from components.isolation.flows.places import (
    AGENTS,
    CERT_MANAGER,
    DATA,
    EXTERNAL_SECRETS,
    GATEWAY,
    HTTPS,
    INFERENCE,
    KARPENTER,
    KUBE_SYSTEM,
    MODEL_PORTS,
    NODES,
    NVIDIA,
    PROMETHEUS,
)

# Prometheus pulls: each namespace admits it, none pushes to it.
METRIC_FLOWS = (
    Flow(PROMETHEUS, TENANTS, (8080, 9090), "tenants' metrics"),
    Flow(PROMETHEUS, GATEWAY, (9092, 15020), "gateway metrics"),
    Flow(PROMETHEUS, AGENTS, (8080, 8443), "agent and controller metrics"),
    Flow(PROMETHEUS, INFERENCE, MODEL_PORTS, "model metrics are on the serving port"),
    Flow(PROMETHEUS, DATA, (9091, 9121), "Milvus and Valkey metrics"),
    Flow(PROMETHEUS, KUBE_SYSTEM, (8080, 9153, 10250), "load balancers, CoreDNS, metrics-server"),
    Flow(PROMETHEUS, KARPENTER, (8080,), "node metrics"),
    Flow(PROMETHEUS, CERT_MANAGER, (9402,), "certificate metrics"),
    Flow(PROMETHEUS, EXTERNAL_SECRETS, (8080,), "secret sync metrics"),
    Flow(PROMETHEUS, NVIDIA, (9400,), "GPU metrics"),
    Flow(PROMETHEUS, NODES, (9100, 10250), "node exporter and kubelet, on the host network", "prometheus"),
    Flow(PROMETHEUS, API_SERVER, HTTPS, "what to scrape, and the API's own metrics", "prometheus"),
)
