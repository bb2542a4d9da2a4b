"""The pods that a stack's releases bring, as their components declare them: a plan cannot see into a chart."""

from __future__ import annotations

from components.agents.catalogue import everyone
from components.agents.pods import pods as agents
from components.agents.queues import pods as agent_queues
from components.argocd.pods import pods as argocd
from components.backup.pods import pods as backup
from components.cert_manager.pods import pods as cert_manager
from components.charts.pods import PodClass
from components.dcgm_exporter.pods import pods as dcgm_exporter
from components.egress_proxy.render import pods as egress_proxy
from components.elasticache.pods import pods as elasticache
from components.external_dns.pods import pods as external_dns
from components.external_secrets.pods import pods as external_secrets
from components.gateway.pods import pods as gateway
from components.gpu.pods import pods as gpu
from components.kagent.pods import pods as kagent
from components.kagent.pods import tenant_pods as tenant_kagent
from components.karpenter.pods import pods as karpenter
from components.keda.pods import pods as keda
from components.langfuse.pods import pods as langfuse
from components.load_balancer_controller.pods import pods as load_balancer_controller
from components.metrics_server.pods import pods as metrics_server
from components.milvus.pods import pods as milvus
from components.models.pods import pods as models
from components.opencost.pods import pods as opencost
from components.otel.pods import pods as otel
from components.postgres.pods import pods as postgres
from components.prometheus.pods import pods as prometheus
from components.relay.pods import pods as relay
from components.tools.pods import pods as tools
from components.valkey.pods import pods as valkey
from components.valkey.spec import ValkeySpec
from components.vectors.pods import pods as vectors
from stacks.config import PlatformConfig
from stacks.flows import doors_of, reverse_doors_of
from stacks.own_milvus import own_milvuses
from stacks.parts import parts, tenants_with_agents


def pods_by_part(config: PlatformConfig) -> dict[str, tuple[PodClass, ...]]:
    """The pods of every part that the stack has and that runs any, by part."""
    services, watching, cache = config.services, config.observability, config.data.cache
    by_part = {
        "agents": agents(everyone(config.agents, config.workflows)),
        "agent_queues": agent_queues(everyone(config.agents, config.workflows)),
        "egress_proxy": egress_proxy(config.egress_proxy, (*doors_of(config), *reverse_doors_of(config))),
        "kagent": (*kagent(config.kagent), *tenant_kagent(config.kagent, tenants_with_agents(config))),
        "relay": relay(config.relay),
        "tools": tools(config.tools),
        "vectors": vectors(config.vectors),
        "argocd": argocd(services.argocd),
        "cert_manager": cert_manager(services.cert_manager),
        "dcgm_exporter": dcgm_exporter(watching.dcgm_exporter),
        "elasticache": elasticache(),
        "external_dns": external_dns(services.external_dns),
        "external_secrets": external_secrets(services.external_secrets),
        "gateway": gateway(config.gateway),
        "gpu": gpu(services.gpu_readiness),
        "karpenter": karpenter(),
        "keda": keda(services.keda),
        "langfuse": langfuse(watching.langfuse),
        "load_balancer_controller": load_balancer_controller(services.load_balancer_controller),
        "metrics_server": metrics_server(services.metrics_server),
        "milvus": (
            *milvus(config.data.milvus),
            *(pod for instance, spec in own_milvuses(config).items() for pod in milvus(spec, instance)),
        ),
        "opencost": opencost(services.opencost),
        "models": models(config.models),
        "otel": otel(watching.otel),
        "postgres": postgres(tenants_with_agents(config)),
        "prometheus": prometheus(watching.prometheus),
        "velero": backup(services.backup),
        **({"valkey": valkey(cache)} if isinstance(cache, ValkeySpec) else {}),
    }
    present = parts(config)
    return {part: pods for part, pods in by_part.items() if part in present}


def declared_pods(config: PlatformConfig) -> tuple[PodClass, ...]:
    """The pods of every part that the stack has, by part and in each part's own order."""
    return tuple(pod for pods in pods_by_part(config).values() for pod in pods)
