"""The External Secrets Operator, its identity, and the platform's store."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.charts.pins import EXTERNAL_SECRETS
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.labels import managed_labels
from components.external_secrets.pods import RELEASE, SERVICE_ACCOUNT
from components.external_secrets.policy import operator_rights
from components.external_secrets.render import API_VERSION, CLUSTER_STORE, cluster_store
from components.external_secrets.spec import ExternalSecretsSpec
from components.external_secrets.values import values


@dataclass(frozen=True, kw_only=True)
class ExternalSecretsArgs:
    """What the operator needs to know."""

    place: Place
    spec: ExternalSecretsSpec
    cluster_name: Input[str]
    namespace: Input[str]
    store_namespaces: tuple[str, ...]
    """The platform's, never a tenant's: whoever may use the store may read every platform secret."""
    supplied_secrets: tuple[str, ...] = ()
    """ARNs of secrets that the platform itself reads and that lie outside its prefix."""
    after: tuple[Resource, ...]
    """What must exist before its pods: nodes, add-ons, and the namespace's quota and policies."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class ExternalSecrets(ComponentResource):
    """A cluster in which platform namespaces can read platform secrets, and nobody else's."""

    ready: tuple[Resource, ...]
    """What ExternalSecrets and stores depend on."""
    role_arn: str
    """Whom a tenant's role has to trust, with `sts:AssumeRole` and `sts:TagSession`."""

    def __init__(self, name: str, args: ExternalSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:external_secrets:ExternalSecrets", name, None, opts)
        child = ResourceOptions(parent=self)
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose=RELEASE,
                namespace=args.namespace,
                service_account=SERVICE_ACCOUNT,
                policies={"read": operator_rights(args.place, args.supplied_secrets)},
                cluster_name=args.cluster_name,
            ),
            opts=child,
        )
        # The agent hands out credentials only to pods started after their association was made; on the way
        # down the operator goes first, while it can still finish what it owns.
        # One release for CRDs and operator: the chart templates the CRDs and upgrades them, and its webhook
        # has to answer before any of its objects is accepted.
        installed = release(
            RELEASE,
            EXTERNAL_SECRETS,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *identity.ready]),
        )
        store = CustomResource(
            f"{name}-{CLUSTER_STORE}",
            api_version=API_VERSION,
            kind="ClusterSecretStore",
            metadata={"name": CLUSTER_STORE, "labels": managed_labels(RELEASE)},
            spec=cluster_store(args.place, args.store_namespaces),
            # Its kind comes with the release, which Pulumi cannot see.
            opts=ResourceOptions(parent=self, depends_on=[installed]),
        )
        self.ready = (installed, store)
        self.role_arn = identity.arn
        self.register_outputs({"release": installed.name, "role_arn": self.role_arn})
