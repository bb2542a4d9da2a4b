"""cert-manager, with its CRDs, before anything that wants a certificate."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.cert_manager.pods import RELEASE
from components.cert_manager.spec import CertManagerSpec
from components.cert_manager.values import values
from components.charts.pins import CERT_MANAGER
from components.charts.release import release


@dataclass(frozen=True, kw_only=True)
class CertManagerArgs:
    """What cert-manager needs to know; it calls no AWS service and has no role."""

    spec: CertManagerSpec
    namespace: Input[str]
    after: tuple[Resource, ...]
    """What must exist before its pods: nodes, add-ons, and the namespace's quota and policies."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class CertManager(ComponentResource):
    """A cluster in which a Certificate becomes a Secret."""

    ready: tuple[Resource, ...]
    """What objects of its kinds depend on: the release, which is done when its API answers."""

    def __init__(self, name: str, args: CertManagerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cert_manager:CertManager", name, None, opts)
        # One release for CRDs and controller: the chart templates the CRDs and upgrades them, and its webhook
        # has to answer before any of its objects is accepted, so a release of CRDs alone would let nothing
        # start earlier.
        installed = release(
            RELEASE,
            CERT_MANAGER,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})
