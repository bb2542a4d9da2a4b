"""What a user may say about GPU readiness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.spec import Spec
from components.node_pools.spec import GpuPoolSpec


class Compute(Protocol):
    """As much of the compute section as matters here."""

    @property
    def mode(self) -> str:
        """`karpenter` or `auto`."""
        ...


class GpuReadinessSpec(Spec):
    """The NVIDIA device plugin, which makes a node's GPUs visible to Kubernetes."""

    enabled: bool = Field(
        default=True,
        description="Install it where GPU pools need it; EKS Auto Mode brings its own and takes no second.",
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi"),
        description="Of the plugin on each GPU node; the chart sets none.",
    )


def plugin_needed(
    spec: GpuReadinessSpec,
    compute: Compute,
    gpu_pools: Mapping[str, GpuPoolSpec],
) -> bool:
    """Whether the stack installs the plugin: in Auto Mode it is AWS's, and invisible in the cluster."""
    return spec.enabled and compute.mode == "karpenter" and bool(gpu_pools)
