"""Tenants' declared secrets, from Secrets Manager into their namespaces, each by a role of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place
from components.core.labels import managed_labels
from components.core.tenant_reader import TenantReader, read_by_tenant, reads
from components.tenants.access import STORE, cost_tags, external_secret, reader_trust
from components.tenants.spec import TenantSpec


@dataclass(frozen=True, kw_only=True)
class TenantSecretsArgs:
    """Which tenants have which secrets, and who fetches them."""

    place: Place
    specs: Mapping[str, TenantSpec]
    namespaces: Mapping[str, Input[str]]
    """`Tenants.namespaces`: a tenant's secrets go before its namespace does."""
    secret_arns: Mapping[str, str]
    """ARN of every secret the stack declares, by name; never a value."""
    external_secrets_role_arn: str
    """The role that takes each tenant's role in turn; known by name."""
    after: tuple[Resource, ...]
    """The External Secrets release: its kinds, its webhook, and who deletes what it made."""


class TenantSecrets(ComponentResource):
    """Every tenant's declared secrets and no others, in its own namespace and nowhere else.

    Apart from `Tenants`: a tenant is closed before any release, its secrets come after one.
    """

    ready: Mapping[str, tuple[Resource, ...]]
    """By tenant: its Secrets, and with them the store that reads them."""

    def __init__(self, name: str, args: TenantSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:tenants:TenantSecrets", name, None, opts)
        self.ready = {
            tenant: OneTenantsSecrets(tenant, args, opts=ResourceOptions(parent=self)).ready
            for tenant, spec in args.specs.items()
            if spec.secrets
        }
        self.register_outputs({})


class OneTenantsSecrets(ComponentResource):
    """The secrets of the tenant this is named after: a role, a store that reads with it, one object each."""

    ready: tuple[Resource, ...]

    def __init__(self, tenant: str, args: TenantSecretsArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:tenants:OneTenantsSecrets", tenant, None, opts)
        arns = {secret: args.secret_arns[secret] for secret in args.specs[tenant].secrets}
        self.ready = read_by_tenant(
            args.place,
            TenantReader(
                tenant=tenant,
                what="secrets",
                policy="read-declared-secrets",
                allows=reads(sorted(arns.values())),
                store=STORE,
                store_resource=f"{tenant}-store",
                secrets={f"{tenant}-{secret}": external_secret(secret, arn) for secret, arn in arns.items()},
                labels=managed_labels("tenants"),
                tags=cost_tags(tenant, args.specs[tenant]),
            ),
            namespace=args.namespaces[tenant],
            trust=reader_trust(args.place, args.external_secrets_role_arn),
            after=args.after,
            parent=self,
        )
        self.register_outputs({})
