"""external-dns and its identity."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import EXTERNAL_DNS
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.external_dns.pods import RELEASE, SERVICE_ACCOUNT
from components.external_dns.policy import zone_rights
from components.external_dns.spec import ExternalDnsSpec
from components.external_dns.values import values


@dataclass(frozen=True, kw_only=True)
class ExternalDnsArgs:
    """What external-dns needs to know."""

    place: Place
    spec: ExternalDnsSpec
    cluster_name: Input[str]
    namespace: Input[str]
    gateway_kinds: bool = False
    """Whether Gateways and routes exist as kinds; without them it would not start with them as sources."""
    protect: bool
    """Whether records stay when nothing asks for them any more."""
    after: tuple[Resource, ...]
    """Nodes, the namespace's quota and policies, and with `gateway_kinds` those kinds."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class ExternalDns(ComponentResource):
    """Names that follow load balancers, in the zones that were named and in no other."""

    ready: tuple[Resource, ...]
    """What a Service or Gateway with a host name depends on, so that its record goes before external-dns: a
    record that outlives it points at a load balancer which is gone."""

    def __init__(self, name: str, args: ExternalDnsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:external_dns:ExternalDns", name, None, opts)
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose=RELEASE,
                namespace=args.namespace,
                service_account=SERVICE_ACCOUNT,
                policies={"zones": zone_rights(args.place, args.spec.zones.values())},
                cluster_name=args.cluster_name,
            ),
            opts=ResourceOptions(parent=self),
        )
        installed = release(
            RELEASE,
            EXTERNAL_DNS,
            namespace=args.namespace,
            values=values(
                args.place,
                args.spec,
                gateway_kinds=args.gateway_kinds,
                protect=args.protect,
                monitored=args.monitored,
            ),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *identity.ready]),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
