"""Whom a tenant's controller reaches and who reaches it: for tenants that have agents, and for no other."""

from __future__ import annotations

from collections.abc import Iterable

from components.agents import sessions
from components.isolation.ends import API_SERVER, Flow, TenantPods
from components.isolation.flows.gateway import PROXIES
from components.isolation.flows.observability import DATA_TIER
from components.isolation.flows.places import HTTPS, KAGENT, PROMETHEUS
from components.isolation.flows.stores import POSTGRES
from components.kagent.spec import METRICS_PORT, PORT

PART = "kagent"


def agent_flows(tenants: Iterable[str], parts: Iterable[str]) -> tuple[Flow, ...]:
    """What tenants with agents add to the table of flows.

    By label: a tenant's other pods reach neither database nor Kubernetes API. Its agents reach its controller and it
    them because a namespace is open within itself; from without only the gateway and Prometheus do.
    """
    present = frozenset(parts)
    return tuple(flow for tenant in tenants for flow in _flows(tenant) if flow.needs in present)


def _flows(tenant: str) -> tuple[Flow, ...]:
    controller = TenantPods(KAGENT.labels, tenant)
    ends_sessions = TenantPods({"app.kubernetes.io/name": sessions.LABELS["app.kubernetes.io/name"]}, tenant)
    return (
        Flow(controller, API_SERVER, HTTPS, "agents are API objects", PART),
        Flow(controller, DATA_TIER, POSTGRES, "sessions of the tenant's agents", PART),
        Flow(ends_sessions, DATA_TIER, POSTGRES, "conversations that are over are deleted", "agents"),
        Flow(PROXIES, controller, (PORT,), "the tenant's agents, by name", "gateway"),
        Flow(PROMETHEUS, controller, (METRICS_PORT,), "the controller's metrics", "prometheus"),
    )
