"""What may be said about kagent; agents are said in `agents`."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec
from components.kagent.names import (
    AGENT_PORT,
    API_VERSION,
    CONTROLLER_URL,
    MCP_API_VERSION,
    NAMESPACE,
    agent_labels,
)

__all__ = [
    "AGENT_PORT",
    "API_VERSION",
    "CONTROLLER_URL",
    "MCP_API_VERSION",
    "NAMESPACE",
    "KagentSpec",
    "agent_labels",
]


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
    vector_memory: bool = Field(
        default=True,
        description="Keep what agents remember for days as vectors; the database has the extension.",
    )
