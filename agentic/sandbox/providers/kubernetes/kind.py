"""One Kubernetes object is made, read, changed and removed under the checks a server makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agentic.plan.replacements import Verdict, verdict
from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.data import is_map, map_of
from agentic.sandbox.providers.kinds import Named, Observed, Properties
from agentic.sandbox.providers.kubernetes.live import as_asked
from agentic.sandbox.providers.kubernetes.objects import ObjectStore, Ref
from agentic.sandbox.providers.kubernetes.rules import Rules
from agentic.sandbox.providers.wire import UNKNOWN, Unknown, has_unknown

# The real provider's own mark of a name it made up.
_AUTONAMED: Final = {"pulumi.com/autonamed": "true"}


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What every kind of one provider shares."""

    store: Callable[[], ObjectStore]
    """The cluster's objects, or a refusal that it is unreachable."""
    deletes: Callable[[], ObjectStore | None]
    """The same for a deletion: None where the cluster is gone and the provider may forget what was in it."""
    reached: Callable[[], ObjectStore | None]
    """The same where it can be done without: None while there is no cluster."""
    rules: Rules
    namespace: str = "default"
    mutable: frozenset[str] = field(default_factory=frozenset[str])
    """Kinds among ConfigMap and Secret whose content changes in place."""


class ObjectKind:
    """The `ResourceKind` of one `kubernetes:<group>/<version>:<Kind>` token."""

    unordered = False

    def __init__(self, token: str, cluster: Cluster) -> None:
        """Serve a token."""
        group_version, _, self._kind = token.removeprefix("kubernetes:").rpartition(":")
        self._token = token
        self._api_version = group_version.removeprefix("core/")
        self._cluster = cluster

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """Complete the address and hold the object against its schema."""
        inputs: Properties = {"apiVersion": self._api_version, "kind": self._kind, **news}
        metadata: Any = inputs.get("metadata") or {}
        if isinstance(metadata, Unknown):
            return inputs, []
        inputs["metadata"] = self._addressed(named, olds, dict(metadata))
        return inputs, self._cluster.rules.faults(inputs)

    def _addressed(self, named: Named, olds: Mapping[str, Any], metadata: Properties) -> Properties:
        if "name" not in metadata:
            before = map_of(olds.get("metadata")).get("name")
            metadata["name"] = before or f"{named.name}-{named.seed.hex()[:8]}"
            metadata["annotations"] = {**map_of(metadata.get("annotations")), **_AUTONAMED}
        if self._cluster.rules.is_namespaced(self._api_version, self._kind):
            metadata.setdefault("namespace", self._cluster.namespace)
        return metadata

    def replaces(self, change: Change) -> bool:
        """Follow the table of plans; content of ConfigMaps and Secrets replaces unless the provider says not."""
        found = verdict(self._token, change.text)
        return found is Verdict.YES or (found is Verdict.UNKNOWN and self._kind not in self._cluster.mutable)

    def same_place(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Compare addresses; a name that was made up gives way to another one."""
        made_up = map_of(map_of(olds.get("metadata")).get("annotations"))
        return self._address(olds) == self._address(news) and not _AUTONAMED.items() <= made_up.items()

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        """Give what was asked for; what the server adds is unknown until then."""
        if before is None:
            return {**inputs, "status": UNKNOWN}
        if not has_unknown(inputs) and (store := self._cluster.reached()) is not None:
            store.try_out(self._ref(inputs), inputs)
        return inputs

    def create(self, named: Named, inputs: Properties) -> str:
        """Add the object after the server's checks."""
        store, ref = self._cluster.store(), self._ref(inputs)
        self._cluster.rules.admit(store, ref)
        store.create(ref, named.urn, inputs)
        return _identity(ref)

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Observed | None:
        """Give the object as it is stored."""
        found = self._cluster.store().get(self._ref_of(identity))
        if found is None:
            return None
        body = as_asked(found.body, like) if found.live else found.body
        return Observed(body, self._outputs(body))

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        """Put the new inputs in place, as a server-side apply by their only manager does."""
        store, ref = self._cluster.store(), self._ref_of(identity)
        self._cluster.rules.admit(store, ref)
        store.replace(ref, named.urn, news)

    def delete(self, identity: str, outputs: Mapping[str, Any]) -> None:
        """Remove the object."""
        store = self._cluster.deletes()
        if store is not None:
            store.delete(self._ref_of(identity))

    def find(self, named: Named, inputs: Mapping[str, Any]) -> list[str]:
        """Look at the address; an object of another URN is not ours."""
        ref = self._ref(inputs)
        found = self._cluster.store().get(ref)
        return [_identity(ref)] if found is not None and found.is_of(named.urn) else []

    def _outputs(self, body: Properties) -> Properties:
        return body

    def _address(self, inputs: Mapping[str, Any]) -> tuple[Any, Any]:
        found = inputs.get("metadata")
        metadata = map_of(found if is_map(found) else None)
        return metadata.get("namespace", ""), metadata.get("name")

    def _ref(self, inputs: Mapping[str, Any]) -> Ref:
        namespace, name = self._address(inputs)
        return Ref(self._api_version, self._kind, namespace, name)

    def _ref_of(self, identity: str) -> Ref:
        namespace, _, name = identity.rpartition("/")
        return Ref(self._api_version, self._kind, namespace, name)


class PatchKind(ObjectKind):
    """A `...Patch` resource: kept beside the object it patches, which a chart may have made unseen."""

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """Check what is there; a patch need not be complete."""
        inputs: Properties = {
            **news,
            "apiVersion": self._api_version,
            "kind": self._kind.removesuffix("Patch"),
        }
        metadata = inputs.get("metadata")
        if not is_map(metadata) or "name" not in metadata:
            return inputs, [("metadata.name", "a patch names the object it is for")]
        inputs["metadata"] = self._addressed(named, olds, dict(metadata))
        return inputs, self._cluster.rules.faults(inputs, partial=True)


def _identity(ref: Ref) -> str:
    return f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
