"""Tenants' declared secrets, from Secrets Manager into their namespaces, each by a role of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import to_json
from components.core.labels import managed_labels
from components.core.names import role_arn, role_name, tenant_role_purpose
from components.tenants.access import (
    STORE,
    cost_tags,
    external_secret,
    reader_policy,
    reader_trust,
    secret_store,
)
from components.tenants.spec import TenantSpec

API_VERSION = "external-secrets.io/v1"
_LABELS = managed_labels("tenants")


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

    def __init__(self, name: str, args: TenantSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:tenants:TenantSecrets", name, None, opts)
        for tenant, spec in args.specs.items():
            if spec.secrets:
                OneTenantsSecrets(tenant, args, opts=ResourceOptions(parent=self))
        self.register_outputs({})


class OneTenantsSecrets(ComponentResource):
    """The secrets of the tenant this is named after: a role, a store that reads with it, one object each."""

    def __init__(self, tenant: str, args: TenantSecretsArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:tenants:OneTenantsSecrets", tenant, None, opts)
        arns = {secret: args.secret_arns[secret] for secret in args.specs[tenant].secrets}
        grant = self._role(tenant, args, arns)
        store = CustomResource(
            f"{tenant}-store",
            api_version=API_VERSION,
            kind="SecretStore",
            metadata={"name": STORE, "namespace": args.namespaces[tenant], "labels": _LABELS},
            spec=secret_store(args.place, role_arn(args.place, tenant_role_purpose(tenant))),
            # The operator tries the role as soon as it meets the store, and brings the store's kind; both are
            # dependencies that Pulumi cannot see.
            opts=ResourceOptions(parent=self, depends_on=[grant, *args.after]),
        )
        for secret, arn in arns.items():
            CustomResource(
                f"{tenant}-{secret}",
                api_version=API_VERSION,
                kind="ExternalSecret",
                metadata={"name": secret, "namespace": args.namespaces[tenant], "labels": _LABELS},
                spec=external_secret(secret, arn),
                # The store goes last: until then the operator can finish what it owns.
                opts=ResourceOptions(parent=self, depends_on=[store]),
            )
        self.register_outputs({})

    def _role(self, tenant: str, args: TenantSecretsArgs, arns: Mapping[str, str]) -> Resource:
        role = aws.iam.Role(
            tenant,
            name=role_name(args.place, tenant_role_purpose(tenant)),
            description=f"Reads the secrets of tenant {tenant} for External Secrets",
            assume_role_policy=to_json(reader_trust(args.place, args.external_secrets_role_arn)),
            tags=dict(cost_tags(tenant, args.specs[tenant])),
            opts=ResourceOptions(parent=self),
        )
        return aws.iam.RolePolicy(
            tenant,
            name="read-declared-secrets",
            role=role.name,
            policy=to_json(reader_policy(arns.values())),
            opts=ResourceOptions(parent=self),
        )
