"""Tenants' keys of the gateway: a Secret in each namespace, and a role that reads that one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.aws import Place
from components.core.identity import PolicyDocument
from components.core.tenant_reader import read_by_tenant
from components.gateway.secrets import tenant_reader


@dataclass(frozen=True, kw_only=True)
class TenantKeysArgs:
    """Which tenants there are."""

    place: Place
    namespaces: Mapping[str, Input[str]]
    """Of the tenants, by name."""
    reader_trust: PolicyDocument
    """Lets External Secrets' own role take a tenant's, and nobody else."""
    keys: Mapping[str, tuple[Resource, ...]]
    """By tenant: its credential. Nobody waits for another tenant's."""
    after: tuple[Resource, ...]
    """The operator, and the store it is read through."""


class TenantKeys(ComponentResource):
    """Every tenant's programs may ask the gateway, as that tenant and no other."""

    ready: Mapping[str, tuple[Resource, ...]]
    """By tenant: what its agents and tools wait for."""

    def __init__(self, name: str, args: TenantKeysArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:gateway:TenantKeys", name, None, opts)
        self.ready = {
            tenant: TenantKey(tenant, args, opts=ResourceOptions(parent=self)).ready
            for tenant in args.namespaces
        }
        self.register_outputs({})


class TenantKey(ComponentResource):
    """The key of the tenant this is named after."""

    ready: tuple[Resource, ...]

    def __init__(self, tenant: str, args: TenantKeysArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:gateway:TenantKey", tenant, None, opts)
        self.ready = read_by_tenant(
            args.place,
            tenant_reader(args.place, tenant),
            namespace=args.namespaces[tenant],
            trust=args.reader_trust,
            after=(*args.after, *args.keys.get(tenant, ())),
            parent=self,
        )
        self.register_outputs({})
