"""The job that makes collections and users, and the Secrets by which users find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import PolicyDocument
from components.core.labels import NOTICE_ANNOTATION, managed_labels
from components.core.tenant_reader import read_by_tenant
from components.milvus.spec import SHARED, Instance
from components.secrets.spec import EXTERNAL_SECRETS
from components.vectors import render
from components.vectors.names import BOOTSTRAP, PASSWORDS
from components.vectors.spec import PART, VectorsSpec
from components.vectors.users import VectorUser, users

_LABELS = managed_labels(PART)


@dataclass(frozen=True, kw_only=True)
class Server:
    """One Milvus, and what its job waits for."""

    namespace: Input[str]
    after: tuple[Resource, ...]
    """Milvus, its root's Secret, the store, and the credentials."""
    takes: str = ""
    """What the plan says of its size; of a tenant's own alone."""


@dataclass(frozen=True, kw_only=True)
class VectorsArgs:
    """What there should be in Milvus, and who is to find it."""

    place: Place
    spec: VectorsSpec
    namespaces: Mapping[str, Input[str]]
    """Of the platform, by name: ai-data, and ai-agents for the platform's own users."""
    tenants: Mapping[str, Input[str]]
    """The tenants' namespaces, by name."""
    reader_trust: PolicyDocument
    """Lets External Secrets' own role take a tenant's, and nobody else."""
    shared: Server
    own: Mapping[str, Server] = field(default_factory=dict[str, Server])
    """By tenant: the Milvuses that are one tenant's."""

    def server(self, instance: Instance) -> Server:
        """The one meant."""
        return self.shared if instance.tenant is None else self.own[instance.tenant]


class Vectors(ComponentResource):
    """Collections that are there before whoever asks them, and users who see their own database only."""

    ready: tuple[Resource, ...]
    """The finished job: what a tool or an agent that searches waits for."""
    told: Mapping[str, tuple[Resource, ...]]
    """By tenant: the Secrets by which its users find their database."""
    own_ready: Mapping[str, tuple[Resource, ...]]
    """By tenant that has a Milvus of its own: the finished job there."""

    def __init__(self, name: str, args: VectorsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:vectors:Vectors", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self)
        everyone = users(args.spec, sorted(args.tenants))
        done = self._bootstrap(SHARED, everyone)
        for user in everyone:
            if user.tenant is None:
                external_secret(
                    f"{name}-{user.database}-{user.reads}",
                    args.namespaces[user.namespace],
                    user.reads,
                    render.told(args.place, user),
                    after=args.shared.after,
                    parent=self,
                )
        self.told = {
            tenant: TenantVectors(
                tenant, args, tuple(user for user in everyone if user.tenant == tenant), opts=self._child
            ).ready
            for tenant in sorted({user.tenant for user in everyone if user.tenant})
        }
        self.ready = (done,)
        self.own_ready = {
            tenant: (self._bootstrap(Instance(tenant), everyone),) for tenant in sorted(args.own)
        }
        self.register_outputs({"uri": SHARED.uri})

    def _bootstrap(self, instance: Instance, everyone: tuple[VectorUser, ...]) -> Resource:
        args, server = self._args, self._args.server(instance)
        name = f"{self._name}-{instance.tenant}" if instance.tenant else self._name
        namespace, tenants = server.namespace, tuple(args.tenants)
        # A Job cannot be changed: another input is another Job, and its script has to stay with it.
        hashed = f"{BOOTSTRAP}-{render.inputs(args.spec, tenants, instance)}"
        told = external_secret(
            f"{name}-passwords",
            namespace,
            PASSWORDS,
            render.passwords(args.place, (user for user in everyone if user.instance == instance)),
            after=server.after,
            parent=self,
        )
        script = k8s.core.v1.ConfigMap(
            f"{name}-bootstrap",
            metadata={
                "name": hashed,
                "namespace": namespace,
                "labels": _LABELS,
                "annotations": {
                    NOTICE_ANNOTATION: render.notices(args.spec, tenants, instance, server.takes)
                },
            },
            data=render.files(args.spec, tenants, instance),
            immutable=True,
            opts=self._child,
        )
        account = k8s.core.v1.ServiceAccount(
            f"{name}-bootstrap",
            metadata={"name": BOOTSTRAP, "namespace": namespace, "labels": _LABELS},
            automount_service_account_token=False,
            opts=self._child,
        )
        return k8s.batch.v1.Job(
            f"{name}-bootstrap",
            metadata={"name": hashed, "namespace": namespace, "labels": _LABELS},
            spec=render.job(args.spec, tenants, hashed, instance),
            opts=ResourceOptions(parent=self, depends_on=[*server.after, told, script, account]),
        )


def external_secret(
    name: str,
    namespace: Input[str],
    secret: str,
    spec: dict[str, Any],
    *,
    after: tuple[Resource, ...],
    parent: Resource,
) -> Resource:
    """One object of External Secrets."""
    return CustomResource(
        name,
        api_version=EXTERNAL_SECRETS,
        kind="ExternalSecret",
        metadata={"name": secret, "namespace": namespace, "labels": _LABELS},
        spec=spec,
        opts=ResourceOptions(parent=parent, depends_on=list(after)),
    )


class TenantVectors(ComponentResource):
    """The tenant's users are told where their database is, by a role that reads these passwords only."""

    ready: tuple[Resource, ...]

    def __init__(
        self, tenant: str, args: VectorsArgs, mine: tuple[VectorUser, ...], opts: ResourceOptions
    ) -> None:
        super().__init__("agentic:vectors:TenantVectors", tenant, None, opts)
        self.ready = read_by_tenant(
            args.place,
            render.tenant_reader(args.place, tenant, mine),
            namespace=args.tenants[tenant],
            trust=args.reader_trust,
            after=args.server(args.spec.home(tenant)).after,
            parent=self,
        )
        self.register_outputs({})
