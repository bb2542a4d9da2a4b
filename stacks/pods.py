"""The pods that a stack's releases bring, as their components declare them: a plan cannot see into a chart."""

from __future__ import annotations

from components.cert_manager.pods import pods as cert_manager
from components.charts.pods import PodClass
from components.external_secrets.pods import pods as external_secrets
from components.gpu.pods import pods as gpu
from components.karpenter.pods import pods as karpenter
from components.load_balancer_controller.pods import pods as load_balancer_controller
from components.metrics_server.pods import pods as metrics_server
from stacks.config import PlatformConfig
from stacks.parts import parts


def declared_pods(config: PlatformConfig) -> tuple[PodClass, ...]:
    """The pods of every part that the stack has, by part and in each part's own order."""
    services = config.services
    by_part = {
        "cert_manager": cert_manager(services.cert_manager),
        "external_secrets": external_secrets(services.external_secrets),
        "gpu": gpu(services.gpu_readiness),
        "karpenter": karpenter(),
        "load_balancer_controller": load_balancer_controller(services.load_balancer_controller),
        "metrics_server": metrics_server(services.metrics_server),
    }
    return tuple(pod for part in sorted(parts(config)) for pod in by_part.get(part, ()))
