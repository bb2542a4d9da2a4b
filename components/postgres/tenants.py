"""Databases of tenants: a role and a database each, told to the tenant's own namespace and to nobody else.

A job each as well: what one tenant gains makes no other's, and not the platform's, run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import PolicyDocument
from components.core.labels import managed_labels
from components.core.tenant_reader import read_by_tenant
from components.postgres import render
from components.postgres.bootstrap import files
from components.postgres.pods import job_name
from components.postgres.spec import PostgresSpec, tenant_user
from components.secrets.spec import EXTERNAL_SECRETS

_LABELS = managed_labels("postgres")


@dataclass(frozen=True, kw_only=True)
class TenantDatabasesArgs:
    """Which tenants have a database, and where the instance is."""

    place: Place
    spec: PostgresSpec
    tenants: Mapping[str, Input[str]]
    """The namespaces of those that have one, by name."""
    namespace: Input[str]
    """Of the jobs: ai-data."""
    host: Input[str]
    reader_trust: PolicyDocument
    """Lets External Secrets' own role take a tenant's, and nobody else."""
    after: tuple[Resource, ...]
    """The store, nodes, the master's Secret. Not tenants' passwords, whose number changes: pods wait for Secrets."""


class TenantDatabases(ComponentResource):
    """A database for each tenant that has agents, which no other tenant's user may even connect to."""

    ready: Mapping[str, tuple[Resource, ...]]
    """By tenant: what a release that names its Secret waits for."""

    def __init__(self, name: str, args: TenantDatabasesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:postgres:TenantDatabases", name, None, opts)
        self.ready = {
            tenant: TenantDatabase(tenant, args, opts=ResourceOptions(parent=self)).ready
            for tenant in args.tenants
        }
        self.register_outputs({})


class TenantDatabase(ComponentResource):
    """The database of the tenant this is named after."""

    ready: tuple[Resource, ...]

    def __init__(self, tenant: str, args: TenantDatabasesArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:postgres:TenantDatabase", tenant, None, opts)
        self._tenant, self._args = tenant, args
        self._child = ResourceOptions(parent=self)
        self.ready = read_by_tenant(
            args.place,
            render.tenant_reader(args.place, tenant, args.host),
            namespace=args.tenants[tenant],
            trust=args.reader_trust,
            after=(*args.after, self._made()),
            parent=self,
        )
        self.register_outputs({})

    def _made(self) -> Resource:
        tenant, args = self._tenant, self._args
        user, called = tenant_user(tenant), job_name(tenant)
        metadata: Any = {"name": called, "namespace": args.namespace, "labels": _LABELS}
        passwords = CustomResource(
            f"{tenant}-database-password",
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={"name": render.job_reads(tenant), "namespace": args.namespace, "labels": _LABELS},
            spec=render.passwords(args.place, (user,), tenant),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        script = k8s.core.v1.ConfigMap(
            f"{tenant}-database", metadata=metadata, data=files((user,)), opts=self._child
        )
        return k8s.batch.v1.Job(
            f"{tenant}-database",
            metadata=metadata,
            spec=render.job(args.spec, (user,), tenant),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, passwords, script]),
        )
