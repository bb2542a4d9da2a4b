"""What may be said about cert-manager."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec


class CertManagerSpec(Spec):
    """How much cert-manager there is; what it may do is not a setting."""

    enabled: bool = Field(
        default=True,
        description="Install cert-manager; operators whose webhooks need certificates depend on it.",
    )
    replicas: int = Field(
        default=2,
        ge=1,
        le=5,
        description="Pods of the controller and of the CA injector; one is active, the others stand by.",
    )
    webhook_replicas: int = Field(
        default=3,
        ge=1,
        le=5,
        description=(
            "Pods of the webhook. All of them answer, and without one no certificate can be changed; "
            "upstream asks for two or three in production."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="50m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi"),
        description="Of the controller and of the CA injector each; memory grows with Secrets.",
    )
