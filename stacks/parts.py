"""Which parts a stack has: the switches of its config, resolved once."""

from __future__ import annotations

from components.gpu.spec import plugin_needed
from components.load_balancer_controller.spec import installed
from stacks.config import PlatformConfig


def parts(config: PlatformConfig) -> frozenset[str]:
    """The names of the parts that are installed; namespaces and flows of the others do not exist."""
    services, mode = config.services, config.compute.mode
    present = {
        "karpenter": mode == "karpenter",
        "cert_manager": services.cert_manager.enabled,
        "external_secrets": services.external_secrets.enabled,
        "metrics_server": services.metrics_server.enabled,
        "load_balancer_controller": installed(services.load_balancer_controller, mode),
        "gpu": plugin_needed(services.gpu_readiness, config.compute, config.gpu_pools),
    }
    return frozenset(name for name, here in present.items() if here)
