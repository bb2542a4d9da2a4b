"""Tenants' ways to the cache: a user each, a Secret in its namespace, and a role that reads that one password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.cache.render import tenant_reader
from components.cache.spec import CacheEndpoint
from components.core.aws import Place
from components.core.identity import PolicyDocument
from components.core.tenant_reader import read_by_tenant


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

    ready: Mapping[str, tuple[Resource, ...]]
    """By tenant: what its own pods that keep something there wait for."""

    def __init__(self, name: str, args: TenantCachesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cache:TenantCaches", name, None, opts)
        self.ready = {
            tenant: TenantCache(tenant, args, opts=ResourceOptions(parent=self)).ready
            for tenant in args.namespaces
        }
        self.register_outputs({})


class TenantCache(ComponentResource):
    """The cache of the tenant this is named after."""

    ready: tuple[Resource, ...]

    def __init__(self, tenant: str, args: TenantCachesArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:cache:TenantCache", tenant, None, opts)
        self.ready = read_by_tenant(
            args.place,
            tenant_reader(args.place, args.endpoint, tenant),
            namespace=args.namespaces[tenant],
            trust=args.reader_trust,
            after=args.after,
            parent=self,
        )
        self.register_outputs({})
