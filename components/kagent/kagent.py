"""kagent: kinds first, then the controller, which trusts nobody who has not logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget

from components.charts.pins import KAGENT, KAGENT_CRDS
from components.charts.release import release
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.kagent.names import CONTROLLER, CRDS, NAMESPACE, RELEASE, UI
from components.kagent.pods import CONTROLLER_LABELS, UI_LABELS
from components.kagent.spec import KagentSpec
from components.kagent.values import crd_values, values

_LABELS = managed_labels(RELEASE)


@dataclass(frozen=True, kw_only=True)
class KagentArgs:
    """What the controller needs to know; it calls no AWS service and has no role."""

    spec: KagentSpec
    namespace: Input[str]
    agent_namespaces: Sequence[str] = ()
    """Tenants that have agents, by name; its own namespace is among them anyway."""
    tool_namespaces: Sequence[str] = ()
    """Where MCP servers are made."""
    gateway_url: str
    gateway_secret: str
    default_model: str
    collector: str | None
    """OTLP address for spans; None: nobody takes them, and nothing is known about what agents do."""
    database: str
    """The Secret with the `url` of its database."""
    after: tuple[Resource, ...]
    """Nodes, every namespace of agents with its quotas, the database's Secret, the gateway's key."""
    monitored: bool = False


class Kagent(ComponentResource):
    """A cluster in which an Agent becomes pods, with sessions that outlive them."""

    ready: tuple[Resource, ...]
    """What agents and tools depend on: finalizers of theirs need the controller to go."""

    def __init__(self, name: str, args: KagentArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:kagent:Kagent", name, None, opts)
        self._name, self._args = name, args
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        kinds = release(CRDS, KAGENT_CRDS, namespace=args.namespace, values=crd_values(), opts=child)
        installed = release(
            RELEASE,
            KAGENT,
            namespace=args.namespace,
            values=values(
                args.spec,
                namespaces=list(dict.fromkeys((NAMESPACE, *sorted(args.agent_namespaces)))),
                tool_namespaces=args.tool_namespaces,
                gateway_url=args.gateway_url,
                gateway_secret=args.gateway_secret,
                default_model=args.default_model,
                collector=args.collector,
                database=args.database,
            ),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, kinds]),
        )
        self._budget(CONTROLLER, CONTROLLER_LABELS, args.spec.replicas)
        self._budget(UI, UI_LABELS, args.spec.ui_replicas)
        if args.monitored:
            self._monitor(installed)
        self.ready = (kinds, installed)
        self.register_outputs({"release": installed.name})

    def _budget(self, pods: str, labels: dict[str, str], replicas: int) -> None:
        # The chart of this version brings none. A single pod with a budget could never be moved.
        if replicas > 1:
            PodDisruptionBudget(
                f"{self._name}-{pods}",
                metadata={"name": pods, "namespace": self._args.namespace, "labels": _LABELS},
                spec={
                    "max_unavailable": 1,
                    "selector": {"match_labels": labels},
                    "unhealthy_pod_eviction_policy": "AlwaysAllow",
                },
                opts=ResourceOptions(parent=self),
            )

    def _monitor(self, installed: Resource) -> None:
        CustomResource(
            f"{self._name}-monitor",
            api_version="monitoring.coreos.com/v1",
            kind="ServiceMonitor",
            metadata={
                "name": RELEASE,
                "namespace": self._args.namespace,
                "labels": {**_LABELS, **MONITOR_LABELS},
            },
            spec={
                "selector": {"matchLabels": dict(CONTROLLER_LABELS)},
                # Of the Services with these labels only that for metrics has a port of this name.
                "endpoints": [{"port": "http-metrics", "interval": "30s"}],
            },
            opts=ResourceOptions(parent=self, depends_on=[installed]),
        )
