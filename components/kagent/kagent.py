"""kagent: kinds first, then the controller, which trusts nobody who has not logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import KAGENT, KAGENT_CRDS
from components.charts.release import release
from components.kagent.controller import budget, monitor
from components.kagent.guard import guard_pods
from components.kagent.names import CONTROLLER, CRDS, NAMESPACE, RELEASE, UI
from components.kagent.pods import UI_LABELS, controller_labels
from components.kagent.spec import KagentSpec
from components.kagent.values import crd_values, values


@dataclass(frozen=True, kw_only=True)
class KagentArgs:
    """What the controller needs to know; it calls no AWS service and has no role."""

    spec: KagentSpec
    namespace: Input[str]
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
    advertised: str | None = None
    """Of the gateway, as agents' cards give it to whoever asks by A2A; None: there is none."""
    monitored: bool = False


class Kagent(ComponentResource):
    """A cluster in which an Agent becomes pods, with sessions that outlive them."""

    ground: tuple[Resource, ...]
    """What every controller of the cluster waits for: the definitions, and the rules about who runs as what."""
    ready: tuple[Resource, ...]
    """What agents and tools depend on: finalizers of theirs need the controller to go."""

    def __init__(self, name: str, args: KagentArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:kagent:Kagent", name, None, opts)
        self._name, self._args = name, args
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        kinds = release(CRDS, KAGENT_CRDS, namespace=args.namespace, values=crd_values(), opts=child)
        guarded = guard_pods(name, child)
        installed = release(
            RELEASE,
            KAGENT,
            namespace=args.namespace,
            values=values(
                args.spec,
                # Never a tenant's: whoever reaches a controller may make agents wherever it watches.
                namespaces=(NAMESPACE,),
                tool_namespaces=args.tool_namespaces,
                gateway_url=args.gateway_url,
                gateway_secret=args.gateway_secret,
                default_model=args.default_model,
                collector=args.collector,
                database=args.database,
                advertised=args.advertised,
            ),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, kinds, *guarded]),
        )
        for pods, selector, replicas in (
            (CONTROLLER, controller_labels(), args.spec.replicas),
            (UI, UI_LABELS, args.spec.ui_replicas),
        ):
            budget(
                f"{name}-{pods}",
                pods,
                selector,
                namespace=args.namespace,
                replicas=replicas,
                opts=ResourceOptions(parent=self),
            )
        if args.monitored:
            monitor(f"{name}-monitor", None, namespace=args.namespace, installed=installed, parent=self)
        self.ground, self.ready = (kinds, *guarded), (kinds, installed)
        self.register_outputs({"release": installed.name})
