"""What may be said about GPU metrics."""

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


class DcgmExporterSpec(Spec):
    """NVIDIA's exporter of what its GPUs do."""

    enabled: bool = Field(
        default=True,
        description="Install it where there are GPU pools of our own; not on the nodes of EKS Auto Mode.",
    )
    interval_seconds: int = Field(
        default=30, ge=5, le=300, description="How often each GPU is asked; every value is a series per GPU."
    )
    resources: ContainerResources = Field(
        # It takes 400 to 510 MiB whatever it watches, and on nodes with eight GPUs more for moments: of 86 with the
        # chart's limit of 512Mi 41 were killed (NVIDIA/dcgm-exporter#609, pytorch/ci-infra#1011).
        default=ContainerResources(cpu="100m", memory="512Mi", cpu_limit="200m", memory_limit="1Gi"),
        description="Of the exporter on each GPU node.",
    )


def exporter_needed(spec: DcgmExporterSpec, compute: Compute, gpu_pools: Mapping[str, GpuPoolSpec]) -> bool:
    """Whether the stack installs it: driver and libraries of Auto Mode's nodes are AWS's own business."""
    return spec.enabled and compute.mode == "karpenter" and bool(gpu_pools)
