"""The metrics that a stack's parts export, as their components declare them."""

from __future__ import annotations

from components.cert_manager.metrics import METRICS as CERT_MANAGER
from components.charts.metrics import MetricSource
from components.dcgm_exporter.metrics import METRICS as DCGM_EXPORTER
from components.external_secrets.metrics import METRICS as EXTERNAL_SECRETS
from components.karpenter.metrics import METRICS as KARPENTER
from components.langfuse.metrics import METRICS as LANGFUSE
from components.milvus.metrics import sources as milvus
from components.otel.metrics import METRICS as OTEL
from components.prometheus.metrics import METRICS as PROMETHEUS
from stacks.config import PlatformConfig
from stacks.parts import parts


def declared_metrics(config: PlatformConfig) -> tuple[MetricSource, ...]:
    """The sources of every part that the stack has, by part."""
    sources = (
        *CERT_MANAGER,
        *DCGM_EXPORTER,
        *EXTERNAL_SECRETS,
        *KARPENTER,
        *LANGFUSE,
        *milvus(config.data.milvus),
        *OTEL,
        *PROMETHEUS,
    )
    present = parts(config)
    return tuple(source for source in sources if source.component in present)
