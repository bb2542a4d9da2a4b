"""GPU metrics from every GPU node."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import DCGM_EXPORTER
from components.charts.release import release
from components.dcgm_exporter.pods import RELEASE
from components.dcgm_exporter.spec import DcgmExporterSpec
from components.dcgm_exporter.values import values


@dataclass(frozen=True, kw_only=True)
class DcgmExporterArgs:
    """What was said about the exporter, and where it goes."""

    spec: DcgmExporterSpec
    namespace: Input[str]
    """Privileged: the exporter reads the host's devices."""
    after: tuple[Resource, ...]
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class DcgmExporter(ComponentResource):
    """Every GPU's load, memory, heat and errors, by the pod that uses it."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: DcgmExporterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:dcgm_exporter:DcgmExporter", name, None, opts)
        installed = release(
            RELEASE,
            DCGM_EXPORTER,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
