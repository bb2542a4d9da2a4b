"""The kubernetes provider: its own inputs, and a kind for every token."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.aws.calls import Aws
from agentic.sandbox.providers.aws.own import OwnStore
from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults
from agentic.sandbox.providers.kinds import Properties, ResourceError, ResourceKind
from agentic.sandbox.providers.kubernetes.cluster import Reach, Target
from agentic.sandbox.providers.kubernetes.kind import ObjectKind
from agentic.sandbox.providers.kubernetes.objects import EmbeddedStore, ObjectStore
from agentic.sandbox.providers.kubernetes.rules import Rules
from agentic.sandbox.providers.settings import Settings


class KubernetesProvider:
    """Answers for `kubernetes:*` from the embedded store."""

    package = "kubernetes"

    def __init__(self, settings: Settings, database: Database, faults: Faults) -> None:
        """Wait for `configure` to know the cluster."""
        self._database = database
        self._aws = Aws(settings.moto, "us-east-1", faults, OwnStore(database))
        self._reach = Reach(None, self._aws)
        self._rules = Rules()
        self._default_namespace = "default"

    def check_config(self, news: Properties) -> list[tuple[str, str]]:
        """Accept what the real provider accepts."""
        return []

    def config_replaces(self, change: Change) -> bool:
        """Keep the objects when the kubeconfig changes, unless it points at another cluster."""
        return False

    def configure(self, inputs: Properties) -> None:
        """Take the kubeconfig; while it is unknown, at a preview, there is no cluster to ask."""
        kubeconfig = inputs.get("kubeconfig")
        target = Target.from_kubeconfig(kubeconfig) if isinstance(kubeconfig, str) else None
        self._reach = Reach(target, self._aws)
        if isinstance(inputs.get("namespace"), str):
            self._default_namespace = inputs["namespace"]

    def construct(self, request: Any) -> Any:
        """Refuse: the package has no remote component."""
        raise ResourceError("UnknownType", f"the sandbox does not know the component {request.type}")

    def kind(self, token: str) -> ResourceKind:
        """Give the kind of an object."""
        return ObjectKind(token, self._store, self._rules, self._default_namespace)

    def _store(self) -> ObjectStore:
        return EmbeddedStore(self._database, self._reach.require().cluster)
