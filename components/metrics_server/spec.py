"""What may be said about metrics-server."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec


class MetricsServerSpec(Spec):
    """How much metrics-server there is."""

    enabled: bool = Field(
        default=True,
        description="Install metrics-server; HorizontalPodAutoscalers on CPU or memory need it.",
    )
    replicas: int = Field(
        default=2,
        ge=1,
        le=5,
        description="Pods that each scrape every node; two keep autoscaling alive while one moves.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="200Mi", cpu_limit="200m", memory_limit="400Mi"),
        description="The requests are for up to 100 nodes; upstream adds 1m and 2Mi for each further one.",
    )
