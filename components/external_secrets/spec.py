"""What may be said about the External Secrets Operator."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec


class ExternalSecretsSpec(Spec):
    """How much of the operator there is; which secrets it may read is derived, never said."""

    enabled: bool = Field(
        default=True,
        description="Install the operator; without it no secret of Secrets Manager reaches a pod.",
    )
    replicas: int = Field(
        default=2,
        ge=1,
        le=5,
        description="Pods of the controller; one is active, the others stand by.",
    )
    webhook_replicas: int = Field(
        default=2,
        ge=1,
        le=5,
        description="Pods of the webhook; without one no ExternalSecret or store can be changed.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="50m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi"),
        description="Of the controller; memory grows with the number of ExternalSecrets.",
    )
