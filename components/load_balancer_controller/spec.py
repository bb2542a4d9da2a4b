"""What may be said about the AWS Load Balancer Controller, and when it may be said at all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.faults import Fault
from components.core.spec import Spec

ComputeMode = Literal["karpenter", "auto"]


class LoadBalancerControllerSpec(Spec):
    """How much of the controller there is. EKS Auto Mode brings its own and refuses this one."""

    enabled: bool = Field(
        default=True,
        description=(
            "Install the controller. Only where compute.mode is karpenter: in Auto Mode load balancing is "
            "built in, the controller is left out, and asking for it is an error."
        ),
    )
    replicas: int = Field(
        default=2,
        ge=1,
        le=5,
        description="Pods of the controller; one is active, all answer the webhooks.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi"),
        description="Of the controller; memory grows with targets and Services.",
    )


def installed(spec: LoadBalancerControllerSpec, mode: ComputeMode) -> bool:
    """Whether the controller is part of the stack: switched on, and not built into the cluster already."""
    return spec.enabled and mode == "karpenter"


def mode_faults(spec: LoadBalancerControllerSpec, mode: ComputeMode) -> list[Fault]:
    """What is wrong with asking for the controller in this compute mode; the mere default is not asking."""
    if mode != "auto" or not spec.enabled or "enabled" not in spec.model_fields_set:
        return []
    return [
        Fault(
            path="services.load_balancer_controller.enabled",
            rule="is true, but compute.mode is auto and EKS Auto Mode runs a load balancer controller itself",
            remedy="remove it, or set it to false; two controllers would fight over the same load balancers",
        )
    ]
