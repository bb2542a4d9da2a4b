"""What tenants may reach, and who reaches them."""

from __future__ import annotations

from components.isolation.ends import (
    EVERY_PORT,
    OWN_NAMESPACE,
    TENANTS,
    Flow,
)
from components.isolation.flows.places import (
    DATA,
    INFERENCE,
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
)
