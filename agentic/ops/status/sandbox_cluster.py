"""The sandbox: its store of objects, or its API server where it has one, and its EKS."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agentic.ops.status.cluster import Api, Cluster, Listing, ReleaseFact, Releases, Unreachable
from agentic.ops.status.finding import State
from agentic.sandbox import aws_server
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.aws.calls import Aws, is_gone
from agentic.sandbox.providers.aws.own import OwnStore
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, FaultSpec
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.objects import EmbeddedStore

RELEASE = "Release"
MADE_BY_OTHERS = frozenset(
    {"Node", "NodeClaim", "Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "PersistentVolumeClaim"}
)
"""What charts, controllers and Karpenter make in a cluster, and nobody makes here."""

LABEL = (
    "sandbox: shows that objects, releases and AWS parts are there as planned; "
    "no chart is rendered, no pod or node runs, and no condition means anything"
)
NOBODY = "the sandbox runs no charts, no pods and no nodes"


@dataclass(frozen=True)
class SandboxStore:
    """The objects that the sandbox's providers were given."""

    layout: Layout
    cluster: str
    has_controllers: bool = False

    @property
    def title(self) -> str:
        """What was read."""
        return f"sandbox store {self.layout.store}"

    def list(self, api: Api, *, labels: str = "", fields: str = "") -> Listing:
        """Objects of a kind, as they were written; no selector is ever needed of what is kept here."""
        if api.kind in MADE_BY_OTHERS:
            return Listing(missing=State.NOT_COVERED, why=NOBODY)
        found = self._store.objects(api.kind)
        return Listing(items=tuple(one.body for one in found if one.ref.api_version == api.group_version))

    def releases(self) -> Releases:
        """Releases as they were recorded: what their charts would bring stays unseen."""
        facts = [
            ReleaseFact(
                namespace=one.ref.namespace,
                name=one.ref.name,
                version=str(one.body.get("version", "")),
                status="deployed",
                revision=1,
            )
            for one in self._store.objects(RELEASE)
        ]
        return Releases(facts=tuple(facts))

    @cached_property
    def _store(self) -> EmbeddedStore:
        return EmbeddedStore(_database(self.layout), self.cluster)


@dataclass(frozen=True)
class SandboxServer:
    """The sandbox's API server for objects, its store for releases."""

    server: Cluster
    store: SandboxStore

    @property
    def title(self) -> str:
        """What was read."""
        return self.server.title

    @property
    def has_controllers(self) -> bool:
        """Quotas are counted, nothing else is acted on."""
        return False

    def list(self, api: Api, *, labels: str = "", fields: str = "") -> Listing:
        """Objects of a kind, except those that nobody makes here."""
        if api.kind in MADE_BY_OTHERS:
            return Listing(missing=State.NOT_COVERED, why=NOBODY)
        found = self.server.list(api, labels=labels, fields=fields)
        # Of a kind that no definition was at hand for, the objects are in the store.
        return found if found.served else self.store.list(api)

    def releases(self) -> Releases:
        """Releases as they were recorded."""
        return self.store.releases()


@dataclass(frozen=True)
class SandboxEks:
    """EKS as the sandbox has it: moto, and the store for what moto lacks."""

    layout: Layout
    region: str

    def ask(self, method: str, **arguments: Any) -> Mapping[str, Any] | None:
        """The answer; None where there is no such thing."""
        try:
            return self._aws.call("eks", method, arguments)
        except ResourceError as error:
            if is_gone(error):
                return None
            raise Unreachable(str(error), remedy="run `agentic sandbox up` again") from None

    @cached_property
    def _aws(self) -> Aws:
        server = aws_server.recorded(self.layout)
        if server is None or not server.is_healthy():
            raise Unreachable(
                "the sandbox's AWS does not run", remedy=f"run `agentic sandbox up {self.layout.stack}`"
            )
        database = _database(self.layout)
        return Aws(server.url, self.region, Faults(FaultSpec(), database), OwnStore(database))


def sandbox(layout: Layout, cluster: str) -> Cluster:
    """What the sandbox of a stack has, from its API server where that runs."""
    if not layout.store.exists():
        raise Unreachable(
            f"there is no sandbox of stack {layout.stack}", remedy=f"run `agentic sandbox up {layout.stack}`"
        )
    store = SandboxStore(layout, cluster)
    server = _api_server(layout)
    return store if server is None else SandboxServer(server, store)


def _api_server(layout: Layout) -> Cluster | None:
    from agentic.ops.status.kube_cluster import of_document
    from agentic.sandbox import api_server

    if not api_server.is_used(layout):
        return None
    known = api_server.recorded(layout)
    if known is None or not known.is_healthy():
        raise Unreachable(
            "the sandbox's API server does not run", remedy=f"run `agentic sandbox up {layout.stack}`"
        )
    document = kubeconfig(known.url, known.token, known.authority)
    return of_document(document, "sandbox", title=f"sandbox API server {known.url}", has_controllers=False)


def kubeconfig(url: str, token: str, authority: str) -> dict[str, Any]:
    """A kubeconfig for one server, one token and one certificate authority (PEM)."""
    data = base64.b64encode(authority.encode()).decode()
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "sandbox", "cluster": {"server": url, "certificate-authority-data": data}}],
        "users": [{"name": "sandbox", "user": {"token": token}}],
        "contexts": [{"name": "sandbox", "context": {"cluster": "sandbox", "user": "sandbox"}}],
        "current-context": "sandbox",
    }


def _database(layout: Layout) -> Database:
    return Database(layout.home)
