"""The job that makes collections and users, and the Secrets by which users find them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.aws import Place
from components.core.identity import PolicyDocument
from components.core.labels import NOTICE_ANNOTATION, managed_labels
from components.core.tenant_reader import read_by_tenant
from components.secrets.spec import EXTERNAL_SECRETS
from components.vectors import render
from components.vectors.names import BOOTSTRAP, MILVUS_URI, PASSWORDS
from components.vectors.spec import NAMESPACE, PART, VectorsSpec
from components.vectors.users import VectorUser, users

_LABELS = managed_labels(PART)


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
    after: tuple[Resource, ...]
    """Milvus, its root's Secret, the store, and the credentials."""


class Vectors(ComponentResource):
    """Collections that are there before whoever asks them, and users who see their own database only."""

    uri: str
    ready: tuple[Resource, ...]
    """The finished job: what a tool or an agent that searches waits for."""
    told: Mapping[str, tuple[Resource, ...]]
    """By tenant: the Secrets by which its users find their database."""

    def __init__(self, name: str, args: VectorsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:vectors:Vectors", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self)
        everyone = users(args.spec, sorted(args.tenants))
        done = self._bootstrap(everyone)
        for user in everyone:
            if user.tenant is None:
                self._secret(
                    f"{name}-{user.database}-{user.reads}",
                    args.namespaces[user.namespace],
                    user.reads,
                    render.told(args.place, user),
                )
        self.told = {
            tenant: TenantVectors(
                tenant, args, tuple(user for user in everyone if user.tenant == tenant), opts=self._child
            ).ready
            for tenant in sorted({user.tenant for user in everyone if user.tenant})
        }
        self.uri = MILVUS_URI
        self.ready = (done,)
        self.register_outputs({"uri": self.uri})

    def _bootstrap(self, everyone: Iterable[VectorUser]) -> Resource:
        name, args = self._name, self._args
        namespace = args.namespaces[NAMESPACE]
        tenants = tuple(args.tenants)
        # A Job cannot be changed: another input is another Job, and its script has to stay with it.
        hashed = f"{BOOTSTRAP}-{render.inputs(args.spec, tenants)}"
        told = self._secret(f"{name}-passwords", namespace, PASSWORDS, render.passwords(args.place, everyone))
        script = k8s.core.v1.ConfigMap(
            f"{name}-bootstrap",
            metadata={
                "name": hashed,
                "namespace": namespace,
                "labels": _LABELS,
                "annotations": {NOTICE_ANNOTATION: render.notices(args.spec, tenants)},
            },
            data=render.files(args.spec, tenants),
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
            spec=render.job(args.spec, tenants, hashed),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, told, script, account]),
        )

    def _secret(self, name: str, namespace: Input[str], secret: str, spec: dict[str, Any]) -> Resource:
        return CustomResource(
            name,
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={"name": secret, "namespace": namespace, "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=list(self._args.after)),
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
            after=args.after,
            parent=self,
        )
        self.register_outputs({})
