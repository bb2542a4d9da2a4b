"""metrics-server, in kube-system, before the first autoscaler."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import METRICS_SERVER
from components.charts.release import release
from components.metrics_server.pods import NAMESPACE, RELEASE
from components.metrics_server.spec import MetricsServerSpec
from components.metrics_server.values import values


@dataclass(frozen=True, kw_only=True)
class MetricsServerArgs:
    """What metrics-server needs to know; it calls no AWS service and has no role."""

    spec: MetricsServerSpec
    namespace: Input[str] = NAMESPACE
    after: tuple[Resource, ...]
    """What must exist before its pods: nodes and add-ons."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class MetricsServer(ComponentResource):
    """A cluster whose autoscalers know what pods use."""

    ready: tuple[Resource, ...]
    """What autoscaled workloads depend on."""

    def __init__(self, name: str, args: MetricsServerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:metrics_server:MetricsServer", name, None, opts)
        installed = release(
            RELEASE,
            METRICS_SERVER,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
