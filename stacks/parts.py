"""Which parts a stack has: the switches of its config, resolved once."""

from __future__ import annotations

from components.dcgm_exporter.spec import exporter_needed
from components.gpu.spec import plugin_needed
from components.load_balancer_controller.spec import installed
from stacks.config import PlatformConfig


def parts(config: PlatformConfig) -> frozenset[str]:
    """The names of the parts that are installed; namespaces and flows of the others do not exist."""
    services, mode = config.services, config.compute.mode
    watching = config.observability
    present = {
        "buckets": True,
        "karpenter": mode == "karpenter",
        "cert_manager": services.cert_manager.enabled,
        "external_secrets": services.external_secrets.enabled,
        "metrics_server": services.metrics_server.enabled,
        "load_balancer_controller": installed(services.load_balancer_controller, mode),
        "prometheus": watching.prometheus.enabled,
        "langfuse": watching.langfuse.enabled,
        "clickhouse_operator": watching.langfuse.enabled,
        "otel": watching.otel.enabled,
        "node_monitoring": watching.prometheus.enabled or watching.otel.enabled,
        "dcgm_exporter": exporter_needed(watching.dcgm_exporter, config.compute, config.gpu_pools),
        "gpu": plugin_needed(services.gpu_readiness, config.compute, config.gpu_pools),
    }
    return frozenset(name for name, here in present.items() if here)
