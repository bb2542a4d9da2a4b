"""KEDA, after whoever certifies it and before whatever it scales."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.charts.pins import KEDA
from components.charts.release import release
from components.core.labels import managed_labels
from components.keda.login import AUTHENTICATION, cache_authentication
from components.keda.pods import RELEASE
from components.keda.spec import KedaSpec
from components.keda.values import values

API_VERSION = "keda.sh/v1alpha1"


@dataclass(frozen=True, kw_only=True)
class KedaArgs:
    """What KEDA needs to know; it calls no AWS service and has no role."""

    spec: KedaSpec
    namespace: Input[str]
    cache: tuple[Resource, ...] = ()
    """What brings KEDA's own login to the cache; empty where the stack has no cache."""
    after: tuple[Resource, ...]
    """Nodes, the namespace's quota and policies, and cert-manager: without its kinds the release fails."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class Keda(ComponentResource):
    """A cluster in which a workload can be scaled by what waits for it, down to zero."""

    ready: tuple[Resource, ...]
    """What ScaledObjects and ScaledJobs depend on. Each has a finalizer that only the operator takes off: one
    that outlives this release stays for ever, and its namespace with it."""

    def __init__(self, name: str, args: KedaArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:keda:Keda", name, None, opts)
        # One release for CRDs and operator: the chart templates the CRDs and upgrades them.
        installed = release(
            RELEASE,
            KEDA,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (installed,)
        if args.cache:
            login = CustomResource(
                f"{name}-cache",
                api_version=API_VERSION,
                kind="ClusterTriggerAuthentication",
                metadata={"name": AUTHENTICATION, "labels": managed_labels(RELEASE)},
                spec=cache_authentication(),
                opts=ResourceOptions(parent=self, depends_on=[installed, *args.cache]),
            )
            self.ready = (installed, login)
        self.register_outputs({"release": installed.name})
