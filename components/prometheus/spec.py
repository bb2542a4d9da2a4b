"""What may be said about metrics."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import HostName, Spec


class GrafanaSpec(Spec):
    """Dashboards; who may sign in is its own setting, kept in its volume."""

    host: HostName | None = Field(
        default=None,
        description=(
            "The name under which browsers reach Grafana, for its links and redirects. None: only by "
            "`kubectl port-forward`."
        ),
    )
    storage_gib: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Volume in GiB for users, sessions and dashboards made by hand; a volume cannot shrink.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="512Mi"),
        description="Of Grafana itself; each of its two sidecars has a fixed amount besides.",
    )


class PrometheusSpec(Spec):
    """How much is measured and for how long; what is measured follows from what is installed."""

    enabled: bool = Field(
        default=True,
        description="Install Prometheus, Alertmanager, Grafana and the exporters of cluster and nodes.",
    )
    replicas: int = Field(
        default=1,
        ge=1,
        le=2,
        description=(
            "Prometheus pods. Each scrapes everything and has its own volume: two survive the loss of a "
            "zone and cost twice."
        ),
    )
    retention_days: int = Field(
        default=15, ge=1, le=400, description="How long series are kept, unless the volume fills up before."
    )
    storage_gib: int = Field(
        default=50,
        ge=10,
        le=16384,
        description="Volume of each Prometheus in GiB; four fifths of it hold series. It cannot shrink.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="500m", memory="2Gi", cpu_limit="2", memory_limit="4Gi"),
        description="Of each Prometheus; memory grows with the number of series, about 3 KiB for each.",
    )
    alertmanager_replicas: int = Field(
        default=1, ge=1, le=3, description="Alertmanager pods; they share silences and send each alert once."
    )
    grafana: GrafanaSpec = Field(default_factory=GrafanaSpec, description="Dashboards.")

    @property
    def retention_size_gib(self) -> int:
        """What series may fill: the rest is for the write-ahead log and for compaction."""
        return self.storage_gib * 4 // 5
