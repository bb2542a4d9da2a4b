"""The pods that a stack's releases bring, as their components declare them: a plan cannot see into a chart."""

from __future__ import annotations

from components.cert_manager.pods import pods as cert_manager
from components.charts.pods import PodClass
from components.dcgm_exporter.pods import pods as dcgm_exporter
from components.external_secrets.pods import pods as external_secrets
from components.gpu.pods import pods as gpu
from components.karpenter.pods import pods as karpenter
from components.langfuse.pods import pods as langfuse
from components.load_balancer_controller.pods import pods as load_balancer_controller
from components.metrics_server.pods import pods as metrics_server
from components.milvus.pods import pods as milvus
from components.otel.pods import pods as otel
from components.prometheus.pods import pods as prometheus
from stacks.config import PlatformConfig
from stacks.parts import parts


def declared_pods(config: PlatformConfig) -> tuple[PodClass, ...]:
    """The pods of every part that the stack has, by part and in each part's own order."""
    services, watching = config.services, config.observability
    by_part = {
        "cert_manager": cert_manager(services.cert_manager),
        "dcgm_exporter": dcgm_exporter(watching.dcgm_exporter),
        "external_secrets": external_secrets(services.external_secrets),
        "gpu": gpu(services.gpu_readiness),
        "karpenter": karpenter(),
        "langfuse": langfuse(watching.langfuse),
        "load_balancer_controller": load_balancer_controller(services.load_balancer_controller),
        "metrics_server": metrics_server(services.metrics_server),
        "milvus": milvus(config.data.milvus),
        "otel": otel(watching.otel),
        "prometheus": prometheus(watching.prometheus),
    }
    return tuple(pod for part in sorted(parts(config)) for pod in by_part.get(part, ()))
