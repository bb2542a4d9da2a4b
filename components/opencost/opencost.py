"""OpenCost, after the Prometheus that it reads."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import OPENCOST
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.opencost.pods import NAMESPACE, PORT, RELEASE, SERVICE_ACCOUNT
from components.opencost.policy import spot_prices
from components.opencost.spec import OpenCostSpec
from components.opencost.values import values


@dataclass(frozen=True, kw_only=True)
class OpenCostArgs:
    """What OpenCost needs to know."""

    place: Place
    spec: OpenCostSpec
    cluster_name: Input[str]
    namespace: Input[str]
    prometheus_url: str
    """What it reads; without an answer there it does not become ready."""
    spot: bool
    """Whether nodes may be Spot: only their price takes a right in AWS."""
    after: tuple[Resource, ...]
    """Nodes, the namespace's quota and policies, Prometheus, and the Secret `opencost-admin`."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class OpenCost(ComponentResource):
    """A cluster whose cost is a series, by node, by namespace and by container."""

    url: str
    """Of its API, inside the namespace only; a name known at plan time."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: OpenCostArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:opencost:OpenCost", name, None, opts)
        before = list(args.after)
        if args.spot:
            identity = PodIdentityRole(
                name,
                PodIdentityRoleArgs(
                    place=args.place,
                    purpose=RELEASE,
                    namespace=args.namespace,
                    service_account=SERVICE_ACCOUNT,
                    policies={"prices": spot_prices()},
                    cluster_name=args.cluster_name,
                ),
                opts=ResourceOptions(parent=self),
            )
            before += identity.ready
        installed = release(
            RELEASE,
            OPENCOST,
            namespace=args.namespace,
            values=values(
                args.place, args.spec, prometheus_url=args.prometheus_url, monitored=args.monitored
            ),
            opts=ResourceOptions(parent=self, depends_on=before),
        )
        self.url = f"http://{RELEASE}.{NAMESPACE}.svc:{PORT}"
        self.ready = (installed,)
        self.register_outputs({"release": installed.name, "url": self.url})
