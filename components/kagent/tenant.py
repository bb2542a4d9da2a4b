"""kagent of one tenant: a controller that knows this namespace and no other, and that no other tenant reaches.

kagent asks nobody whether a caller may do something (v0.9.12, internal/httpserver/auth: NoopAuthorizer, and claims of
tokens whose signature nobody checks): whoever reaches a controller reads its sessions and makes agents wherever it
watches. So what keeps tenants apart is that they have different ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import KAGENT
from components.charts.release import release
from components.kagent.controller import budget, monitor
from components.kagent.names import controller_name, release_name
from components.kagent.pods import controller_labels
from components.kagent.spec import KagentSpec
from components.kagent.values import tenant_values


@dataclass(frozen=True, kw_only=True)
class TenantKagentArgs:
    """What one tenant's controller needs to know."""

    spec: KagentSpec
    namespace: Input[str]
    """Of the tenant."""
    gateway_url: str
    gateway_secret: str
    """The tenant's own key."""
    default_model: str
    collector: str | None
    after: tuple[Resource, ...]
    """Nodes, `Kagent.ground`, the gateway, and the tenant's database with its Secret; its agents wait for the key."""
    advertised: str | None = None
    """Of the gateway, as agents' cards give it to whoever asks by A2A; None: there is none."""
    monitored: bool = False


class TenantKagent(ComponentResource):
    """A namespace in which an Agent becomes pods, with sessions that no other tenant can read."""

    ready: tuple[Resource, ...]
    """What the tenant's agents depend on."""

    def __init__(
        self, name: str, tenant: str, args: TenantKagentArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("agentic:kagent:TenantKagent", name, None, opts)
        called = release_name(tenant)
        installed = release(
            called,
            KAGENT,
            namespace=args.namespace,
            values=tenant_values(
                args.spec,
                tenant,
                gateway_url=args.gateway_url,
                gateway_secret=args.gateway_secret,
                default_model=args.default_model,
                collector=args.collector,
                advertised=args.advertised,
            ),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        budget(
            f"{name}-controller",
            controller_name(tenant),
            controller_labels(tenant),
            namespace=args.namespace,
            replicas=args.spec.tenants.replicas,
            opts=ResourceOptions(parent=self),
        )
        if args.monitored:
            monitor(f"{name}-monitor", tenant, namespace=args.namespace, installed=installed, parent=self)
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
