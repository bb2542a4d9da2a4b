"""What tenants may reach, and who reaches them."""

from __future__ import annotations

from components.isolation.ends import (
    API_SERVER,
    EVERY_PORT,
    OWN_NAMESPACE,
    TENANTS,
    Flow,
)
from components.isolation.flows.places import (
    DATA,
    HTTPS,
    INFERENCE,
    KAGENT,
    MODEL_PORTS,
    OBSERVABILITY,
    OTLP_PORTS,
    STORE_PORTS,
)

TENANT_FLOWS = (
    Flow(TENANTS, OWN_NAMESPACE, EVERY_PORT, "a tenant's parts talk to each other"),
    Flow(TENANTS, INFERENCE, MODEL_PORTS, "prompts"),
    Flow(TENANTS, DATA, STORE_PORTS, "vectors, history and queues"),
    Flow(TENANTS, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(KAGENT, TENANTS, (8080,), "the kagent controller calls agents", "kagent"),
    Flow(TENANTS, KAGENT, (8083,), "agents keep sessions with the kagent controller", "kagent"),
    Flow(KAGENT, API_SERVER, HTTPS, "agents are API objects", "kagent"),
)
