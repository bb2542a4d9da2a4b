"""GPU readiness: a GPU node counts as ready when its GPUs can be scheduled."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import NVIDIA_DEVICE_PLUGIN
from components.charts.release import release
from components.gpu.pods import RELEASE
from components.gpu.spec import GpuReadinessSpec
from components.gpu.values import values


@dataclass(frozen=True, kw_only=True)
class GpuReadinessArgs:
    """What was said about the plugin, and where it goes."""

    spec: GpuReadinessSpec
    namespace: Input[str]
    """Privileged: the plugin needs the host's device files."""
    after: tuple[Resource, ...]


class GpuReadiness(ComponentResource):
    """Every GPU node offers its GPUs, and Karpenter waits until it does.

    The gate is Karpenter's own: a node that was started for `nvidia.com/gpu` stays uninitialised until the
    plugin has registered that resource, and so is not consolidated meanwhile. A taint of ours on top would
    need somebody to take it off, and would hold back the plugin too.
    """

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: GpuReadinessArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:gpu:GpuReadiness", name, None, opts)
        installed = release(
            RELEASE,
            NVIDIA_DEVICE_PLUGIN,
            namespace=args.namespace,
            values=values(args.spec),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
