"""Tenants' ways to the cache: a user each, a Secret in its namespace, and a role that reads that one password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.cache.render import password_reader, tenant_role_purpose, tenant_store, told_to_tenant
from components.cache.spec import TENANT_READS, CacheEndpoint, tenant_user
from components.core.aws import Place
from components.core.identity import PolicyDocument, to_json
from components.core.labels import managed_labels
from components.core.names import role_arn, role_name
from components.secrets.spec import EXTERNAL_SECRETS

_LABELS = managed_labels("cache")


@dataclass(frozen=True, kw_only=True)
class TenantCachesArgs:
    """Which tenants there are, and where the cache is."""

    place: Place
    namespaces: Mapping[str, Input[str]]
    """Of the tenants, by name."""
    endpoint: CacheEndpoint
    reader_trust: PolicyDocument
    """Lets External Secrets' own role take a tenant's, and nobody else."""
    after: tuple[Resource, ...]
    """The operator, the credentials, and the server with its users."""


class TenantCaches(ComponentResource):
    """Every tenant finds the cache in its own namespace, and in it sees its own keys."""

    def __init__(self, name: str, args: TenantCachesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cache:TenantCaches", name, None, opts)
        for tenant in args.namespaces:
            TenantCache(tenant, args, opts=ResourceOptions(parent=self))
        self.register_outputs({})


class TenantCache(ComponentResource):
    """The cache of the tenant this is named after."""

    def __init__(self, tenant: str, args: TenantCachesArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:cache:TenantCache", tenant, None, opts)
        self._tenant, self._args = tenant, args
        user, place = tenant_user(tenant), args.place
        purpose = tenant_role_purpose(tenant)
        role = aws.iam.Role(
            f"{tenant}-cache",
            name=role_name(place, purpose),
            description=f"Reads the cache password of tenant {tenant} for External Secrets",
            assume_role_policy=to_json(args.reader_trust),
            opts=ResourceOptions(parent=self),
        )
        grant = aws.iam.RolePolicy(
            f"{tenant}-cache",
            name="read-cache-password",
            role=role.name,
            policy=to_json(password_reader(place, user)),
            opts=ResourceOptions(parent=self),
        )
        # The operator tries the role as soon as it meets the store.
        store = self._object("SecretStore", tenant_store(place, role_arn(place, purpose)), (grant,))
        self._object("ExternalSecret", told_to_tenant(place, args.endpoint, user), (store,))
        self.register_outputs({})

    def _object(self, kind: str, spec: dict[str, Any], after: tuple[Resource, ...]) -> Resource:
        return CustomResource(
            f"{self._tenant}-cache-{kind.lower()}",
            api_version=EXTERNAL_SECRETS,
            kind=kind,
            metadata={
                "name": TENANT_READS,
                "namespace": self._args.namespaces[self._tenant],
                "labels": _LABELS,
            },
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *after]),
        )
