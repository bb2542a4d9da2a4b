"""A Helm release is recorded with its chart, version and values; what its chart would render stays unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.kinds import Named, Properties, ResourceError
from agentic.sandbox.providers.kubernetes.kind import Cluster, ObjectKind
from agentic.sandbox.providers.kubernetes.objects import Ref
from agentic.sandbox.providers.kubernetes.rules import require_namespace
from agentic.sandbox.providers.wire import UNKNOWN

TOKEN = "kubernetes:helm.sh/v3:Release"  # noqa: S105 - a type token
_REVISION = "__revision"


class ReleaseKind(ObjectKind):
    """The `ResourceKind` of Helm releases."""

    def __init__(self, cluster: Cluster) -> None:
        """Serve releases of one cluster."""
        super().__init__(TOKEN, cluster)

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """Complete name and namespace; a release needs a chart, and a pinned version unless it is a path."""
        inputs: Properties = {"namespace": self._cluster.namespace, **news}
        inputs.setdefault("name", olds.get("name") or f"{named.name}-{named.seed.hex()[:8]}")
        return inputs, [] if inputs.get("chart") else [("chart", "a release needs a chart")]

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        """Give what was asked for; the status is Helm's to say."""
        return {**inputs, "status": UNKNOWN}

    def create(self, named: Named, inputs: Properties) -> str:
        """Record the release in a namespace that exists; Helm refuses a name that is in use."""
        store, ref = self._cluster.store(), self._ref(inputs)
        if inputs.get("createNamespace"):
            space = Ref("v1", "Namespace", "", ref.namespace)
            if store.get(space) is None:
                body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ref.namespace}}
                store.create(space, named.urn, body)
        require_namespace(store, ref.namespace, f"release {ref.name}")
        if store.get(ref) is not None:
            raise ResourceError(
                "AlreadyExists", f"cannot re-use a name that is still in use: release {ref.name}"
            )
        store.create(ref, named.urn, {**inputs, _REVISION: 1})
        return f"{ref.namespace}/{ref.name}"

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        """Record another revision."""
        store, ref = self._cluster.store(), self._ref_of(identity)
        found = store.get(ref)
        if found is None:
            raise ResourceError("NotFound", f"release: not found: {identity}")
        store.replace(ref, named.urn, {**news, _REVISION: found.body.get(_REVISION, 1) + 1})

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Any:
        """Give the release as it was recorded."""
        found = super().read(identity, like)
        if found is not None:
            found.inputs.pop(_REVISION, None)
        return found

    def _outputs(self, body: Properties) -> Properties:
        status = {
            "chart": str(body.get("chart", "")).rpartition("/")[2],
            "name": body["name"],
            "namespace": body["namespace"],
            "revision": body.get(_REVISION, 1),
            "status": "deployed",
            "version": body.get("version", ""),
        }
        return {**{key: value for key, value in body.items() if key != _REVISION}, "status": status}

    def _address(self, inputs: Mapping[str, Any]) -> tuple[Any, Any]:
        return inputs.get("namespace", ""), inputs.get("name")
