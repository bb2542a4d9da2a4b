"""Which parts a stack has: the switches of its config, resolved once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from components.agents.catalogue import everyone, tenants
from components.agents.queues import queues
from components.dcgm_exporter.spec import exporter_needed
from components.egress_proxy.doors import doors
from components.gpu.spec import plugin_needed
from components.load_balancer_controller.spec import installed
from components.tools.flows import remotes, tool_flows

if TYPE_CHECKING:
    from stacks.config import PlatformConfig  # which is checked by rules that ask for parts

PARTS: Mapping[str, Callable[[PlatformConfig], bool]] = MappingProxyType(
    {
        "agent_queues": lambda config: (
            config.kagent.enabled and bool(queues(everyone(config.agents, config.workflows)))
        ),
        "agents": lambda config: config.kagent.enabled and bool(config.agents or config.workflows),
        "alerts": lambda config: (
            config.observability.alerts.enabled and config.observability.prometheus.enabled
        ),
        "argocd": lambda config: config.services.argocd.enabled,
        "backup": lambda config: config.services.backup.mode == "aws_backup",
        "buckets": lambda config: True,
        "cert_manager": lambda config: config.services.cert_manager.enabled,
        "clickhouse_operator": lambda config: config.observability.langfuse.enabled,
        "dashboards": lambda config: (
            config.observability.dashboards.enabled and config.observability.prometheus.enabled
        ),
        "dcgm_exporter": lambda config: exporter_needed(
            config.observability.dcgm_exporter, config.compute, config.gpu_pools
        ),
        "egress_proxy": lambda config: bool(doors(tool_flows(config.tools)) or remotes(config.tools, {})),
        "elasticache": lambda config: config.data.cache.mode == "elasticache",
        "external_cache": lambda config: config.data.cache.mode == "external",
        "external_dns": lambda config: config.services.external_dns.enabled,
        "external_secrets": lambda config: config.services.external_secrets.enabled,
        "edge": lambda config: config.gateway.installed and config.edge.enabled,
        "gateway": lambda config: config.gateway.installed,
        "gateway_internal": lambda config: (
            config.gateway.installed and config.gateway.load_balancer.scheme == "internal"
        ),
        "gateway_public": lambda config: (
            config.gateway.installed and config.gateway.load_balancer.scheme == "internet-facing"
        ),
        "gpu": lambda config: plugin_needed(config.services.gpu_readiness, config.compute, config.gpu_pools),
        "kagent": lambda config: config.kagent.enabled and bool(config.agents or config.workflows),
        "karpenter": lambda config: config.compute.mode == "karpenter",
        "keda": lambda config: config.services.keda.enabled,
        "langfuse": lambda config: config.observability.langfuse.enabled,
        "load_balancer_controller": lambda config: installed(
            config.services.load_balancer_controller, config.compute.mode
        ),
        "login": lambda config: config.gateway.installed and config.gateway.ui is not None,
        "metrics_server": lambda config: config.services.metrics_server.enabled,
        "milvus": lambda config: config.data.milvus.enabled,
        "inference_pools": lambda config: config.gateway.installed and config.gateway.inference_pools,
        "models": lambda config: bool(config.models),
        "node_monitoring": lambda config: (
            config.observability.prometheus.enabled or config.observability.otel.enabled
        ),
        "opencost": lambda config: config.services.opencost.enabled,
        "otel": lambda config: config.observability.otel.enabled,
        "postgres": lambda config: config.data.postgres.enabled,
        "prometheus": lambda config: config.observability.prometheus.enabled,
        "rate_limit": lambda config: config.gateway.installed and config.rate_limit.enabled,
        "relay": lambda config: config.relay.enabled,
        "smoke": lambda config: config.services.smoke.enabled,
        "tools": lambda config: bool(config.tools),
        "valkey": lambda config: config.data.cache.mode == "valkey",
        "vectors": lambda config: config.vectors.enabled and config.data.milvus.enabled,
        "velero": lambda config: config.services.backup.mode == "velero",
    }
)
"""Every part by the name that namespaces, flows, pods and metrics know it by, and when a stack has it."""


def tenants_with_agents(config: PlatformConfig) -> tuple[str, ...]:
    """The tenants that have a controller, a database and a route for agents of their own; none without kagent."""
    return tenants(everyone(config.agents, config.workflows)) if config.kagent.enabled else ()


def parts(config: PlatformConfig) -> frozenset[str]:
    """The names of the parts that are installed; namespaces and flows of the others do not exist."""
    return frozenset(name for name, here in PARTS.items() if here(config))
