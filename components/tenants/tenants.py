"""All tenants of a stack: nothing of one stands in anything of another, or in a shared release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.isolation.ends import Flow
from components.isolation.render import tenant_policies
from components.isolation.surroundings import Surroundings
from components.tenants.spec import TenantSpec
from components.tenants.tenant import Tenant, TenantArgs


@dataclass(frozen=True, kw_only=True)
class TenantsArgs:
    """Who the tenants are, and the platform they come to."""

    specs: Mapping[str, TenantSpec]
    cluster_version: str
    flows: tuple[Flow, ...]
    """From `in_force`."""
    around: Surroundings
    after: tuple[Resource, ...] = ()
    """What has to exist before a tenant's namespace."""


class Tenants(ComponentResource):
    """Every tenant, side by side."""

    tenants: dict[str, Tenant]
    namespaces: dict[str, Output[str]]
    ready: tuple[Resource, ...]
    """Every tenant's namespace, quotas and policies."""

    def __init__(self, name: str, args: TenantsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:tenants:Tenants", name, None, opts)
        self.tenants = {
            tenant: Tenant(
                tenant,
                TenantArgs(
                    spec=spec,
                    cluster_version=args.cluster_version,
                    policies=tenant_policies(args.flows, args.around, tenant),
                    in_mesh=bool(args.around.mesh_namespaces),
                    after=args.after,
                ),
                opts=ResourceOptions(parent=self),
            )
            for tenant, spec in args.specs.items()
        }
        self.namespaces = {key: tenant.namespace for key, tenant in self.tenants.items()}
        self.ready = tuple(resource for tenant in self.tenants.values() for resource in tenant.ready)
        self.register_outputs({})
