"""What a user may say about GPU readiness."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from components.core.spec import Spec
from components.node_pools.compute import AutoCompute, KarpenterCompute
from components.node_pools.spec import GpuPoolSpec


class GpuReadinessSpec(Spec):
    """The NVIDIA device plugin; on wherever there are GPU pools that need it."""

    enabled: bool = Field(
        default=True,
        description="Install the device plugin where GPU pools of our own need it; without it no GPU is offered.",
    )


def plugin_needed(compute: KarpenterCompute | AutoCompute, gpu_pools: Mapping[str, GpuPoolSpec]) -> bool:
    """Whether GPU nodes need our device plugin: EKS Auto Mode brings its own, invisible in the cluster."""
    return compute.mode == "karpenter" and bool(gpu_pools)
