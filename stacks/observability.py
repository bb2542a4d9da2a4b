"""What is measured, traced and written down: one section per part, each with its switch."""

from __future__ import annotations

from pydantic import Field

from components.alerts.spec import AlertsSpec
from components.core.spec import Spec
from components.dashboards.spec import DashboardsSpec
from components.dcgm_exporter.spec import DcgmExporterSpec
from components.langfuse.spec import LangfuseSpec
from components.otel.spec import OtelSpec
from components.prometheus.spec import PrometheusSpec


class ObservabilitySpec(Spec):
    """The parts that watch the others. Each can be switched off, unless something else needs it."""

    prometheus: PrometheusSpec = Field(
        default_factory=PrometheusSpec, description="Metrics, alerts, Grafana and the exporters of nodes."
    )
    langfuse: LangfuseSpec = Field(
        default_factory=LangfuseSpec, description="Traces of agents and models, with what they cost."
    )
    otel: OtelSpec = Field(
        default_factory=OtelSpec, description="Collectors: logs, spans and metrics, by tenant."
    )
    dcgm_exporter: DcgmExporterSpec = Field(
        default_factory=DcgmExporterSpec, description="What GPUs do and how they fail."
    )
    alerts: AlertsSpec = Field(
        default_factory=AlertsSpec, description="Who is called for what; only where Prometheus is on."
    )
    dashboards: DashboardsSpec = Field(
        default_factory=DashboardsSpec,
        description="Agents, models, resources, costs; only where Prometheus is on.",
    )
