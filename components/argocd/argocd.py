"""Argo CD, and what it is bound to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Secret

from components.argocd.handover import Handover, HandoverArgs
from components.argocd.pods import RELEASE
from components.argocd.render import OIDC_SECRET, SECRET_TYPE, cluster_entry, oidc_access
from components.argocd.spec import ArgoCdSpec
from components.argocd.takeover import NAME, policy
from components.argocd.values import values
from components.charts.pins import ARGO_CD
from components.charts.release import release
from components.core.labels import managed_labels
from components.isolation.admission import in_force
from components.secrets.spec import EXTERNAL_SECRETS


@dataclass(frozen=True, kw_only=True)
class ArgoCdArgs:
    """What Argo CD needs to know; it calls no AWS service and has no role."""

    spec: ArgoCdSpec
    namespace: Input[str]
    tenants: Mapping[str, Input[str]]
    """Every tenant's namespace; those that the spec names are handed over."""
    secret_arns: Mapping[str, str] = field(default_factory=dict[str, str])
    """ARN of every secret the stack declares, by name; never a value."""
    secrets: tuple[Resource, ...] = ()
    """The store that admits Argo CD's namespace; needed where the spec names a secret."""
    after: tuple[Resource, ...]
    """Nodes, the kinds of monitors, quotas and policies."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class ArgoCd(ComponentResource):
    """A cluster in which the named tenants' applications are Git's, and everything else is Pulumi's."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ArgoCdArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:argocd:ArgoCd", name, None, opts)
        child = ResourceOptions(parent=self)
        bounds = Secret(
            f"{name}-cluster",
            # A Secret because Argo CD looks for clusters in Secrets; it holds names and no credential.
            metadata={
                "name": "cluster",
                "namespace": args.namespace,
                "labels": {**managed_labels("argocd"), SECRET_TYPE: "cluster"},
            },
            string_data=cluster_entry(args.spec.tenants),
            opts=child,
        )
        bounded = in_force(f"{name}-takeover", NAME, policy(), labels=managed_labels("argocd"), opts=child)
        installed = release(
            RELEASE,
            ARGO_CD,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            # Bounded before it starts: until it finds this it takes the whole cluster for its own.
            opts=ResourceOptions(
                parent=self, depends_on=[*args.after, bounds, *bounded, *self._sign_in(name, args)]
            ),
        )
        for tenant, spec in args.spec.tenants.items():
            Handover(
                f"{name}-{tenant}",
                tenant,
                HandoverArgs(
                    spec=spec,
                    namespace=args.namespace,
                    tenant_namespace=args.tenants[tenant],
                    secret_arns=args.secret_arns,
                    kinds=(installed,),
                    secrets=args.secrets,
                ),
                opts=child,
            )
        self.ready = (installed,)
        self.register_outputs({"release": installed.name})

    def _sign_in(self, name: str, args: ArgoCdArgs) -> tuple[Resource, ...]:
        oidc = args.spec.oidc
        if oidc is None or oidc.client_secret is None:
            return ()
        return (
            CustomResource(
                f"{name}-oidc",
                api_version=EXTERNAL_SECRETS,
                kind="ExternalSecret",
                metadata={
                    "name": OIDC_SECRET,
                    "namespace": args.namespace,
                    "labels": managed_labels("argocd"),
                },
                spec=oidc_access(args.secret_arns[oidc.client_secret]),
                opts=ResourceOptions(parent=self, depends_on=list(args.secrets)),
            ),
        )
