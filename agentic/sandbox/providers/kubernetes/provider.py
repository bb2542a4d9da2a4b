"""The kubernetes provider: its own inputs, and a kind for every token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agentic.sandbox.providers.aws.calls import Aws
from agentic.sandbox.providers.aws.own import OwnStore
from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults
from agentic.sandbox.providers.kinds import Properties, ResourceError, ResourceKind
from agentic.sandbox.providers.kubernetes import manifests, releases
from agentic.sandbox.providers.kubernetes.api_server import Connection
from agentic.sandbox.providers.kubernetes.cluster import Reach, Target
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.definitions import ADDONS, AUTO_MODE
from agentic.sandbox.providers.kubernetes.kind import Cluster, ObjectKind, PatchKind
from agentic.sandbox.providers.kubernetes.objects import EmbeddedStore, FaultyStore, ObjectStore
from agentic.sandbox.providers.kubernetes.rules import Rules
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from agentic.sandbox.providers.settings import Settings

# The version of schemas before there is a cluster to ask, at a first preview.
_USUAL_VERSION = "1.35"


class KubernetesProvider:
    """Answers for `kubernetes:*` from the embedded store, or from the sandbox's API server where it has one."""

    package = "kubernetes"

    def __init__(self, settings: Settings, database: Database, faults: Faults) -> None:
        """Wait for `configure` to know the cluster."""
        self._database = database
        self._faults = faults
        self._connection = (
            None if settings.api_server is None else Connection(settings.api_server, settings.crds)
        )
        self._aws = Aws(settings.moto, "us-east-1", faults, OwnStore(database))
        self._custom = CustomSchemas(settings.crds, settings.directory / "crds")
        self._reach = Reach(None, self._aws)
        self._inputs: Properties = {}
        self._cluster = self._new_cluster()

    def check_config(self, news: Properties) -> list[tuple[str, str]]:
        """Accept what the real provider accepts."""
        return []

    def config_replaces(self, change: Change, olds: Properties, news: Properties) -> bool:
        """Move the objects when the provider points at another cluster, not when it reaches the same one otherwise."""
        if news.get("clusterIdentifier") and olds.get("clusterIdentifier"):
            return change.touches("clusterIdentifier")
        before, after = olds.get("kubeconfig"), news.get("kubeconfig")
        if not change.touches("kubeconfig") or not (isinstance(before, str) and isinstance(after, str)):
            return False
        return Target.from_kubeconfig(before).server != Target.from_kubeconfig(after).server

    def configure(self, inputs: Properties) -> None:
        """Take the kubeconfig; while it is unknown, at a preview, there is no cluster to ask."""
        kubeconfig = inputs.get("kubeconfig")
        target = Target.from_kubeconfig(kubeconfig) if isinstance(kubeconfig, str) else None
        self._inputs = inputs
        self._reach = Reach(target, self._aws)
        self._cluster = self._new_cluster()

    def _new_cluster(self) -> Cluster:
        namespace = self._inputs.get("namespace")
        switches = {"ConfigMap": "enableConfigMapMutable", "Secret": "enableSecretMutable"}
        return Cluster(
            store=self._store,
            deletes=self._store_for_deletes,
            reached=self._store_if_reached,
            rules=Rules(
                Schemas(self._reach.version or _USUAL_VERSION, self._custom), self._database, self._brought
            ),
            namespace=namespace if isinstance(namespace, str) else "default",
            mutable=frozenset(kind for kind, name in switches.items() if self._is_on(name)),
        )

    def _is_on(self, name: str) -> bool:
        """Provider inputs travel as JSON text."""
        return self._inputs.get(name) in (True, "true")

    def construct(self, request: Any) -> Any:
        """Register a manifest component."""
        return manifests.construct(request)

    def kind(self, token: str) -> ResourceKind:
        """Give the kind of an object."""
        if token == releases.TOKEN:
            return releases.ReleaseKind(self._cluster)
        if token == manifests.TOKEN:
            return manifests.ManifestKind(token, self._cluster)
        if token.startswith("kubernetes:helm.sh/") or token.endswith("List"):
            raise ResourceError("UnknownType", f"the sandbox does not know {token}")
        return (PatchKind if token.endswith("Patch") else ObjectKind)(token, self._cluster)

    def _store(self) -> ObjectStore:
        cluster = self._reach.require().cluster
        store: ObjectStore = EmbeddedStore(self._database, cluster)
        if self._connection is not None:
            store = self._connection.store(cluster, store)
        return FaultyStore(store, self._faults)

    def _store_if_reached(self) -> ObjectStore | None:
        try:
            return self._store()
        except ResourceError:
            return None

    def _store_for_deletes(self) -> ObjectStore | None:
        try:
            return self._store()
        except ResourceError as error:
            if error.code == "Unreachable" and self._is_on("deleteUnreachable"):
                return None
            raise

    def _brought(self) -> Iterable[str]:
        """Give the API groups that EKS itself brought: by add-ons, and by Auto Mode."""
        target = self._reach.require()
        found = self._aws.call("eks", "list_addons", {"clusterName": target.cluster}, target.region)
        groups = {group for name in found["addons"] for group in ADDONS.get(name, ())}
        return groups | set(AUTO_MODE if self._reach.auto_mode else ())
