"""What may be said about kagent; agents are said in `agents`."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec
from components.kagent.names import (
    AGENT_PORT,
    API_VERSION,
    CONTROLLER_SERVICES,
    DATABASE_SECRET,
    LONGEST_TENANT,
    MCP_API_VERSION,
    METRICS_PORT,
    NAMESPACE,
    PORT,
    agent_labels,
    controller_name,
    controller_url,
    release_name,
    taken_names,
)

__all__ = [
    "AGENT_PORT",
    "API_VERSION",
    "CONTROLLER_SERVICES",
    "DATABASE_SECRET",
    "LONGEST_TENANT",
    "MCP_API_VERSION",
    "METRICS_PORT",
    "NAMESPACE",
    "PORT",
    "KagentSpec",
    "agent_labels",
    "controller_name",
    "controller_url",
    "release_name",
    "taken_names",
]


class TenantControllerSpec(Spec):
    """The controller of a tenant that has agents; it counts in the tenant's quota."""

    replicas: int = Field(
        default=1,
        ge=1,
        le=3,
        description=(
            "Pods of each tenant's controller. With one, the tenant's agents keep no sessions, and so do not "
            "answer, for the half minute in which it moves to another node."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="512Mi"),
        description="Of each pod; memory grows with the tenant's agents and their open streams.",
    )


class KagentSpec(Spec):
    """The controller, its page, and the controller of MCP servers."""

    enabled: bool = Field(default=True, description="Install kagent; without it there are no agents.")
    replicas: int = Field(
        default=2,
        ge=1,
        le=5,
        description=(
            "Pods of the controller. One leads and makes pods; all of them keep sessions, without which no "
            "agent answers."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="200m", memory="256Mi", cpu_limit="2", memory_limit="1Gi"),
        description="Of each pod of the controller; memory grows with agents and with open streams.",
    )
    ui_replicas: int = Field(default=1, ge=1, le=5, description="Pods of the page for people.")
    ui_resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="256Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of each pod of the page.",
    )
    user_claim: str = Field(
        default="sub",
        pattern=r"^[A-Za-z0-9_:.-]+$",
        max_length=64,
        description="The claim of a person's token that sessions are kept under.",
    )
    tenants: TenantControllerSpec = Field(
        default_factory=TenantControllerSpec,
        description="The controller that each tenant with agents has in its own namespace.",
    )
    vector_memory: bool = Field(
        default=True,
        description="Keep what agents remember for days as vectors; the database has the extension.",
    )
