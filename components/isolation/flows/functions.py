"""What the functions of the platform need of each other."""

from __future__ import annotations

from components.isolation.ends import (
    EVERY_PORT,
    OWN_NAMESPACE,
    Flow,
)
from components.isolation.flows.places import (
    AGENTS,
    DATA,
    GATEWAY,
    INFERENCE,
    MODEL_PORTS,
    OBSERVABILITY,
    OTLP_PORTS,
    STORE_PORTS,
)

FUNCTION_FLOWS = (
    Flow(GATEWAY, OWN_NAMESPACE, EVERY_PORT, "gateway parts"),
    Flow(GATEWAY, INFERENCE, MODEL_PORTS, "requests to models"),
    Flow(GATEWAY, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(AGENTS, OWN_NAMESPACE, EVERY_PORT, "agents, tools and the kagent controller"),
    Flow(AGENTS, INFERENCE, MODEL_PORTS, "prompts"),
    Flow(AGENTS, DATA, STORE_PORTS, "vectors, history and queues"),
    Flow(AGENTS, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(INFERENCE, OWN_NAMESPACE, EVERY_PORT, "routers and engines"),
    Flow(INFERENCE, OBSERVABILITY, OTLP_PORTS, "traces"),
    Flow(DATA, OWN_NAMESPACE, EVERY_PORT, "stores and their quorum"),
    Flow(OBSERVABILITY, OWN_NAMESPACE, EVERY_PORT, "collectors, stores and dashboards"),
)
