"""What may be said about the login of pages."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec
from components.gateway.spec import PLATFORM

SERVICE = "login"
NAMESPACE = "ai-gateway"
PORT = 4180
LABELS = {"app.kubernetes.io/name": "oauth2-proxy", "app.kubernetes.io/instance": SERVICE}


class LoginSpec(Spec):
    """Who may see pages, and for how long."""

    replicas: int = Field(default=2, ge=1, le=10, description="Pods; a session is in the browser's cookie.")
    session_hours: int = Field(default=8, ge=1, le=168, description="After which a new login is asked for.")
    allowed_groups: list[str] = Field(
        default_factory=lambda: [PLATFORM],
        min_length=1,
        max_length=20,
        description=(
            "Groups of the identity provider that may see pages. Pages show what every tenant does, so that a "
            "tenant's users are in none of them."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi"),
        description="Of each pod.",
    )
