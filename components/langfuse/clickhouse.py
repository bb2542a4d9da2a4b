"""The ClickHouse that traces are written to, and the quorum it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.charts.pods import PodClass
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.langfuse.names import CLUSTER, NAMESPACE, RELEASE
from components.langfuse.pods import store_pods
from components.langfuse.render import (
    API_VERSION,
    MONITOR_API_VERSION,
    clickhouse_cluster,
    keeper_cluster,
    pod_monitor,
)
from components.langfuse.spec import LangfuseSpec


@dataclass(frozen=True, kw_only=True)
class ClickHouseArgs:
    """How much ClickHouse, and what a mistake may take away."""

    spec: LangfuseSpec
    after: tuple[Resource, ...]
    """The operator, and the Secret with the password."""
    monitored: bool = False
    protect: bool = False
    retain: bool = False


class ClickHouse(ComponentResource):
    """Every trace that was ever taken in, on volumes that outlive their pods."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ClickHouseArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:langfuse:ClickHouse", name, None, opts)
        data = ResourceOptions(
            parent=self,
            depends_on=list(args.after),
            protect=args.protect,
            retain_on_delete=args.retain,
        )
        clickhouse = args.spec.clickhouse
        keeper = self._object(
            f"{name}-keeper", API_VERSION, "KeeperCluster", CLUSTER, keeper_cluster(clickhouse), data
        )
        # By order only: ClickHouse names its quorum, and without one its replicated tables are read-only.
        servers = self._object(
            f"{name}-server",
            API_VERSION,
            "ClickHouseCluster",
            CLUSTER,
            clickhouse_cluster(clickhouse),
            ResourceOptions.merge(data, ResourceOptions(depends_on=[keeper])),
        )
        if args.monitored:
            for pod in store_pods(args.spec):
                self._monitor(name, pod, args.after)
        self.ready = (keeper, servers)
        self.register_outputs({})

    def _monitor(self, name: str, pod: PodClass, after: tuple[Resource, ...]) -> None:
        self._object(
            f"{name}-{pod.name}-monitor",
            MONITOR_API_VERSION,
            "PodMonitor",
            pod.name,
            pod_monitor(pod),
            # The kind comes with a release that what `after` names waited for.
            ResourceOptions(parent=self, depends_on=list(after)),
            labels=dict(MONITOR_LABELS),
        )

    def _object(
        self,
        name: str,
        api_version: str,
        kind: str,
        object_name: str,
        spec: dict[str, Any],
        opts: ResourceOptions,
        *,
        labels: dict[str, str] | None = None,
    ) -> CustomResource:
        return CustomResource(
            name,
            api_version=api_version,
            kind=kind,
            metadata={
                "name": object_name,
                "namespace": NAMESPACE,
                "labels": {**managed_labels(RELEASE), **(labels or {})},
            },
            spec=spec,
            opts=opts,
        )
