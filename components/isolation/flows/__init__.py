"""Who talks to whom: the platform's one table of flows. Read each module top to bottom like a diagram."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from components.isolation.ends import Flow, Pods
from components.isolation.flows.agents import AGENT_FLOWS
from components.isolation.flows.controllers import CONTROLLER_FLOWS, KUBE_SYSTEM_FLOWS
from components.isolation.flows.functions import FUNCTION_FLOWS
from components.isolation.flows.gateway import GATEWAY_FLOWS
from components.isolation.flows.handover import HANDOVER_FLOWS
from components.isolation.flows.metrics import METRIC_FLOWS
from components.isolation.flows.milvus import MILVUS_FLOWS
from components.isolation.flows.models import MODEL_FLOWS
from components.isolation.flows.observability import OBSERVABILITY_FLOWS
from components.isolation.flows.places import KUBE_SYSTEM
from components.isolation.flows.relay import RELAY_FLOWS
from components.isolation.flows.services import SERVICE_FLOWS
from components.isolation.flows.stores import STORE_FLOWS
from components.isolation.flows.tenants import TENANT_FLOWS
from components.isolation.flows.vectors import VECTOR_FLOWS

TABLE: tuple[Flow, ...] = (
    *KUBE_SYSTEM_FLOWS,
    *CONTROLLER_FLOWS,
    *FUNCTION_FLOWS,
    *TENANT_FLOWS,
    *OBSERVABILITY_FLOWS,
    *METRIC_FLOWS,
    *HANDOVER_FLOWS,
    *SERVICE_FLOWS,
    *MILVUS_FLOWS,
    *GATEWAY_FLOWS,
    *AGENT_FLOWS,
    *STORE_FLOWS,
    *MODEL_FLOWS,
    *RELAY_FLOWS,
    *VECTOR_FLOWS,
)


def in_force(components: Collection[str], namespaces: Collection[str]) -> tuple[Flow, ...]:
    """The flows of a stack: their component is on, and every namespace they name exists."""
    present = {*namespaces, KUBE_SYSTEM.namespace}
    return tuple(
        flow for flow in TABLE if (flow.needs is None or flow.needs in components) and _homes(flow) <= present
    )


def _homes(flow: Flow) -> set[str]:
    return {end.namespace for end in (flow.source, flow.target) if isinstance(end, Pods)}


def by_namespace(flows: Iterable[Flow], namespace: str) -> tuple[Flow, ...]:
    """The flows that begin or end in one namespace, for documents and reports."""
    return tuple(flow for flow in flows if namespace in _homes(flow))
