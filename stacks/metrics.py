"""The metrics that a stack's parts export, as their components declare them."""

from __future__ import annotations

from components.charts.metrics import MetricSource
from components.dcgm_exporter.metrics import METRICS as DCGM_EXPORTER
from components.langfuse.metrics import METRICS as LANGFUSE
from components.otel.metrics import METRICS as OTEL
from components.prometheus.metrics import METRICS as PROMETHEUS
from stacks.config import PlatformConfig
from stacks.parts import parts

SOURCES: tuple[MetricSource, ...] = (*DCGM_EXPORTER, *LANGFUSE, *OTEL, *PROMETHEUS)
"""Every source the platform can have."""


def declared_metrics(config: PlatformConfig) -> tuple[MetricSource, ...]:
    """The sources of every part that the stack has."""
    present = parts(config)
    return tuple(source for source in SOURCES if source.component in present)
