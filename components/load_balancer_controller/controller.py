"""The AWS Load Balancer Controller and its identity."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import AWS_LOAD_BALANCER_CONTROLLER
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.load_balancer_controller.pods import NAMESPACE, RELEASE, SERVICE_ACCOUNT
from components.load_balancer_controller.policy import policies
from components.load_balancer_controller.spec import LoadBalancerControllerSpec
from components.load_balancer_controller.values import values


@dataclass(frozen=True, kw_only=True)
class LoadBalancerControllerArgs:
    """What the controller needs to know."""

    place: Place
    spec: LoadBalancerControllerSpec
    cluster_name: Input[str]
    namespace: Input[str] = NAMESPACE
    vpc_id: str | None = None
    """Of an existing VPC, from config; None for a VPC of ours, which is found by its tag."""
    after: tuple[Resource, ...]
    """What must exist before its pods: nodes, add-ons, and the VPC with its tags."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class LoadBalancerController(ComponentResource):
    """A cluster in which a Service can have a load balancer, and loses it before the controller goes."""

    ready: tuple[Resource, ...]
    """What Services with a load balancer and Ingresses depend on: its webhooks refuse Ingresses while it is
    down, and a load balancer deleted after it would stay behind in AWS."""

    def __init__(
        self, name: str, args: LoadBalancerControllerArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("agentic:load_balancer_controller:LoadBalancerController", name, None, opts)
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose="load-balancers",
                namespace=args.namespace,
                service_account=SERVICE_ACCOUNT,
                policies=policies(args.place),
                cluster_name=args.cluster_name,
            ),
            opts=ResourceOptions(parent=self),
        )
        # The agent hands out credentials only to pods started after their association was made; on the way
        # down the release goes first, while the controller can still delete what it made.
        # The CRDs are in the chart's `crds/`, which Helm installs before the chart's own objects use them: a
        # release of their own would be a second copy of the chart. The pin says what an upgrade takes.
        installed = release(
            RELEASE,
            AWS_LOAD_BALANCER_CONTROLLER,
            namespace=args.namespace,
            values=values(args.place, args.spec, vpc_id=args.vpc_id, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *identity.ready]),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
