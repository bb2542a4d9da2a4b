"""The metrics that a stack's parts export, as their components declare them."""

from __future__ import annotations

from components.agents.metrics import METRICS as AGENT_QUEUES
from components.argocd.metrics import METRICS as ARGOCD
from components.backup.metrics import METRICS as BACKUP
from components.cert_manager.metrics import METRICS as CERT_MANAGER
from components.charts.metrics import MetricSource
from components.dcgm_exporter.metrics import METRICS as DCGM_EXPORTER
from components.external_dns.metrics import METRICS as EXTERNAL_DNS
from components.external_secrets.metrics import METRICS as EXTERNAL_SECRETS
from components.gateway.metrics import SOURCES as GATEWAY
from components.kagent.metrics import METRICS as KAGENT
from components.karpenter.metrics import METRICS as KARPENTER
from components.keda.metrics import METRICS as KEDA
from components.langfuse.metrics import METRICS as LANGFUSE
from components.load_balancer_controller.metrics import METRICS as LOAD_BALANCER_CONTROLLER
from components.login.metrics import SOURCES as LOGIN
from components.metrics_server.metrics import METRICS as METRICS_SERVER
from components.milvus.metrics import sources as milvus
from components.models.metrics import SOURCES as MODELS
from components.opencost.metrics import METRICS as OPENCOST
from components.otel.metrics import METRICS as OTEL
from components.prometheus.metrics import METRICS as PROMETHEUS
from components.rate_limit.metrics import SOURCES as RATE_LIMIT
from components.relay.metrics import SOURCES as RELAY
from components.valkey.metrics import METRICS as VALKEY
from stacks.config import PlatformConfig
from stacks.own_milvus import own_milvuses
from stacks.parts import parts


def declared_metrics(config: PlatformConfig) -> tuple[MetricSource, ...]:
    """The sources of every part that the stack has, by part."""
    sources = (
        *AGENT_QUEUES,
        *ARGOCD,
        *BACKUP,
        *CERT_MANAGER,
        *DCGM_EXPORTER,
        *EXTERNAL_DNS,
        *EXTERNAL_SECRETS,
        *GATEWAY,
        *KAGENT,
        *KARPENTER,
        *KEDA,
        *LANGFUSE,
        *LOAD_BALANCER_CONTROLLER,
        *LOGIN,
        *METRICS_SERVER,
        *milvus(config.data.milvus),
        *(one for instance, spec in own_milvuses(config).items() for one in milvus(spec, instance)),
        *MODELS,
        *OPENCOST,
        *OTEL,
        *PROMETHEUS,
        *RATE_LIMIT,
        *RELAY,
        *VALKEY,
    )
    present = parts(config)
    return tuple(source for source in sources if source.component in present)
