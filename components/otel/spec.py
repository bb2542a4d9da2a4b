"""What may be said about collectors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec

LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]
"""What CloudWatch Logs accepts (PutRetentionPolicy), up to two years."""


class OtelSpec(Spec):
    """How telemetry is gathered. Whose it is follows from the namespace, and is not a setting."""

    enabled: bool = Field(
        default=True, description="Install the collectors; without them there are no logs and no traces."
    )
    redact_prompts: bool = Field(
        default=True,
        description=(
            "Remove what models were asked and what they said from spans and log events before they leave "
            "the cluster; token counts, models and timings stay. Standard output of pods is not searched."
        ),
    )
    log_retention_days: LogRetentionDays = Field(
        default=30,
        description="How long CloudWatch keeps the logs of pods; ingestion costs more than storage.",
    )
    host_metrics: bool = Field(
        default=True, description="CPU, memory, disk and network of each node, every minute, as OTLP metrics."
    )
    replicas: int = Field(
        default=1, ge=1, le=20, description="Pods of the gateway; everything that leaves passes through one."
    )
    gateway_resources: ContainerResources = Field(
        default=ContainerResources(cpu="200m", memory="512Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of each gateway pod; at four fifths of the limit it refuses data and senders try again.",
    )
    agent_resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="512Mi"),
        description="Of the agent on each node.",
    )
