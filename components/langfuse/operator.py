"""The ClickHouse operator, which turns two custom resources into servers and their quorum."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.charts.pins import CLICKHOUSE_OPERATOR
from components.charts.release import release
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.langfuse.names import OPERATOR_NAMESPACE, OPERATOR_RELEASE
from components.langfuse.pods import OPERATOR_LABELS
from components.langfuse.render import MONITOR_API_VERSION, operator_monitor
from components.langfuse.values import operator_values


@dataclass(frozen=True, kw_only=True)
class ClickHouseOperatorArgs:
    """Where the operator goes."""

    namespace: Input[str]
    after: tuple[Resource, ...]
    """cert-manager included, and answering: the chart asks it for the webhook's certificate."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists."""


class ClickHouseOperator(ComponentResource):
    """A cluster that knows what a ClickHouseCluster is."""

    ready: tuple[Resource, ...]
    """What its custom resources depend on: the definitions, and the webhook that judges them."""

    def __init__(self, name: str, args: ClickHouseOperatorArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:langfuse:ClickHouseOperator", name, None, opts)
        installed = release(
            OPERATOR_RELEASE,
            CLICKHOUSE_OPERATOR,
            namespace=args.namespace,
            values=operator_values(),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        if args.monitored:
            CustomResource(
                f"{name}-monitor",
                api_version=MONITOR_API_VERSION,
                kind="ServiceMonitor",
                metadata={
                    "name": OPERATOR_RELEASE,
                    "namespace": OPERATOR_NAMESPACE,
                    "labels": {**managed_labels(OPERATOR_RELEASE), **MONITOR_LABELS},
                },
                spec=operator_monitor(OPERATOR_LABELS),
                opts=ResourceOptions(parent=self, depends_on=[installed]),
            )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
