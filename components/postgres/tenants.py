"""Databases of tenants: a role and a database each, told to the tenant's own namespace and to nobody else.

A job each as well: what one tenant gains makes no other's, and not the platform's, run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import PolicyDocument, to_json
from components.core.labels import managed_labels
from components.core.names import role_arn, role_name
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
        self.ready = (self._told(self._made()),)
        self.register_outputs({})

    def _made(self) -> Resource:
        tenant, args = self._tenant, self._args
        user, called = tenant_user(tenant), job_name(tenant)
        metadata: Any = {"name": called, "namespace": args.namespace, "labels": _LABELS}
        passwords = self._object(
            f"{tenant}-database-password",
            "ExternalSecret",
            args.namespace,
            render.job_reads(tenant),
            render.passwords(args.place, (user,), tenant),
            (),
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

    def _told(self, made: Resource) -> Resource:
        tenant, args = self._tenant, self._args
        user, purpose = tenant_user(tenant), render.tenant_role_purpose(tenant)
        role = aws.iam.Role(
            f"{tenant}-database",
            name=role_name(args.place, purpose),
            description=f"Reads the database password of tenant {tenant} for External Secrets",
            assume_role_policy=to_json(args.reader_trust),
            opts=self._child,
        )
        grant = aws.iam.RolePolicy(
            f"{tenant}-database",
            name="read-database-password",
            role=role.name,
            policy=to_json(render.password_reader(args.place, user)),
            opts=self._child,
        )
        namespace = args.tenants[tenant]
        store = self._object(
            f"{tenant}-database-store",
            "SecretStore",
            namespace,
            user.reads,
            render.tenant_store(args.place, role_arn(args.place, purpose)),
            # The operator tries the role as soon as it meets the store.
            (grant,),
        )
        return self._object(
            f"{tenant}-database-secret",
            "ExternalSecret",
            namespace,
            user.reads,
            render.told_to_tenant(args.place, user, args.host),
            (store, made),
        )

    def _object(
        self,
        name: str,
        kind: str,
        namespace: Input[str],
        called: str,
        spec: dict[str, Any],
        after: tuple[Resource, ...],
    ) -> Resource:
        return CustomResource(
            name,
            api_version=EXTERNAL_SECRETS,
            kind=kind,
            metadata={"name": called, "namespace": namespace, "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *after]),
        )
