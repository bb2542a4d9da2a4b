"""What may be said about the egress proxy; where it lets whom is said where the flows are."""

from __future__ import annotations

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec
from components.egress_proxy.doors import NAMESPACE, SERVICE, Door, Remote, doors, through

__all__ = ["NAMESPACE", "SERVICE", "Door", "EgressProxySpec", "Remote", "doors", "through"]


class EgressProxySpec(Spec):
    """How much of it there is."""

    replicas: int = Field(default=2, ge=1, le=20, description="Pods.")
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="128Mi", cpu_limit="1", memory_limit="256Mi"),
        description="Of each pod.",
    )
