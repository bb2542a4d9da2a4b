"""A tenant's declared secrets, from Secrets Manager into its namespace by a role that reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import to_json
from components.core.names import role_arn, role_name, tenant_role_purpose
from components.tenants.access import (
    STORE,
    external_secret,
    reader_policy,
    reader_trust,
    secret_store,
)

API_VERSION = "external-secrets.io/v1"


@dataclass(frozen=True, kw_only=True)
class TenantSecretsArgs:
    """Which secrets, for whom, and who fetches them."""

    place: Place
    tenant: str
    namespace: Input[str]
    arns: Mapping[str, str]
    """ARN by declared name; never a value."""
    external_secrets_role_arn: str
    tags: Mapping[str, str]
    after: tuple[Resource, ...]
    """The operator's release: its kinds, its webhook, and who deletes what it made."""


class TenantSecrets(ComponentResource):
    """Exactly the declared secrets, in exactly one namespace."""

    def __init__(self, name: str, args: TenantSecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:tenants:TenantSecrets", name, None, opts)
        child = ResourceOptions(parent=self)
        purpose = tenant_role_purpose(args.tenant)
        role = aws.iam.Role(
            name,
            name=role_name(args.place, purpose),
            description=f"Reads the secrets of tenant {args.tenant} for External Secrets",
            assume_role_policy=to_json(reader_trust(args.place, args.external_secrets_role_arn)),
            tags=dict(args.tags),
            opts=child,
        )
        grant = aws.iam.RolePolicy(
            name,
            name="read-declared-secrets",
            role=role.name,
            policy=to_json(reader_policy(args.arns.values())),
            opts=child,
        )
        store = CustomResource(
            f"{name}-store",
            api_version=API_VERSION,
            kind="SecretStore",
            metadata={"name": STORE, "namespace": args.namespace},
            spec=secret_store(args.place, role_arn(args.place, purpose)),
            # The operator checks the role when it meets the store; Pulumi cannot see either dependency.
            opts=ResourceOptions(parent=self, depends_on=[grant, *args.after]),
        )
        for secret, arn in args.arns.items():
            CustomResource(
                f"{name}-{secret}",
                api_version=API_VERSION,
                kind="ExternalSecret",
                metadata={"name": secret, "namespace": args.namespace},
                spec=external_secret(secret, arn),
                opts=ResourceOptions(parent=self, depends_on=[store]),
            )
        self.register_outputs({})
