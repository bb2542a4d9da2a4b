"""agentgateway's controller, which turns Gateways and routes into proxies."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import AGENTGATEWAY, AGENTGATEWAY_CRDS
from components.charts.release import release
from components.gateway.names import CONTROLLER, CRDS
from components.gateway.spec import GatewaySpec
from components.gateway.values import controller_values


@dataclass(frozen=True, kw_only=True)
class GatewayControllerArgs:
    """What the controller needs to know; it calls no AWS service and has no role."""

    spec: GatewaySpec
    namespace: Input[str]
    after: tuple[Resource, ...]
    """Nodes, quotas and policies, and the kinds of the Gateway API: the controller exits without them."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class GatewayController(ComponentResource):
    """A cluster in which a Gateway becomes proxies, and loses them before the controller goes."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: GatewayControllerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:gateway:GatewayController", name, None, opts)
        kinds = release(
            CRDS,
            AGENTGATEWAY_CRDS,
            namespace=args.namespace,
            values={},
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        installed = release(
            CONTROLLER,
            AGENTGATEWAY,
            namespace=args.namespace,
            values=controller_values(args.spec, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, kinds]),
        )
        self.ready = (kinds, installed)
        self.register_outputs({"release": installed.name})
