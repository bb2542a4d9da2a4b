"""What may be said about KEDA."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec


class KedaSpec(Spec):
    """How much of KEDA there is; what is scaled is said where the workload is."""

    enabled: bool = Field(
        default=True,
        description="Install KEDA; whatever scales by a query or a queue, or to zero, needs it.",
    )
    replicas: int = Field(
        default=2,
        ge=1,
        le=3,
        description=(
            "Pods of each of its three parts. One operator leads and one metrics server answers; the others "
            "shorten the time without."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="256Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of the operator, which asks every source; memory grows with scaled objects.",
    )
