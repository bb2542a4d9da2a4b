"""One Kubernetes object is made, read, changed and removed under the checks a server makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.kinds import Named, Observed, Properties, ResourceError
from agentic.sandbox.providers.kubernetes.objects import ObjectStore, Ref
from agentic.sandbox.providers.kubernetes.rules import Rules
from agentic.sandbox.providers.kubernetes.scope import immutable_fields
from agentic.sandbox.providers.wire import UNKNOWN, Unknown


class ObjectKind:
    """The `ResourceKind` of one `kubernetes:<group>/<version>:<Kind>` token."""

    unordered = False

    def __init__(
        self, token: str, store: Callable[[], ObjectStore], rules: Rules, default_namespace: str
    ) -> None:
        """Serve a token; `store` gives the cluster's objects or raises that it is unreachable."""
        group_version, _, self._kind = token.removeprefix("kubernetes:").rpartition(":")
        self._api_version = group_version.removeprefix("core/")
        self._store = store
        self._rules = rules
        self._default_namespace = default_namespace

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """Complete the address and hold the object against its schema."""
        inputs: Properties = {"apiVersion": self._api_version, "kind": self._kind, **news}
        metadata = inputs.get("metadata") or {}
        if isinstance(metadata, Unknown):
            return inputs, []
        metadata = dict(metadata)
        if "name" not in metadata:
            before = (olds.get("metadata") or {}).get("name")
            metadata["name"] = before or f"{named.name}-{named.seed.hex()[:8]}"
        if self._rules.is_namespaced(self._api_version, self._kind):
            metadata.setdefault("namespace", self._default_namespace)
        inputs["metadata"] = metadata
        return inputs, self._rules.faults(inputs)

    def replaces(self, change: Change) -> bool:
        """Follow the kind's immutable fields."""
        return any(change.touches(pattern) for pattern in immutable_fields(self._kind))

    def same_place(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Compare addresses."""
        return _address(olds) == _address(news)

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        """Give what was asked for; what the server adds is unknown until then."""
        added = {"status": UNKNOWN} if before is None else {"status": before.get("status")}
        return {**inputs, **{name: value for name, value in added.items() if value is not None}}

    def create(self, named: Named, inputs: Properties) -> str:
        """Add the object after the server's checks."""
        store, ref = self._store(), self._ref(inputs)
        self._rules.admit(store, ref, inputs)
        store.create(ref, named.urn, inputs)
        return _identity(ref)

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Observed | None:
        """Give the object as it is stored."""
        found = self._store().get(self._ref_of(identity))
        return None if found is None else Observed(found.body, found.body)

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        """Put the new inputs in place, as a server-side apply by their only manager does."""
        store, ref = self._store(), self._ref_of(identity)
        self._rules.admit(store, ref, news)
        store.replace(ref, named.urn, news)

    def delete(self, identity: str, outputs: Mapping[str, Any]) -> None:
        """Remove the object."""
        self._store().delete(self._ref_of(identity))

    def find(self, named: Named, inputs: Mapping[str, Any]) -> list[str]:
        """Look at the address; an object of another URN is not ours."""
        ref = self._ref(inputs)
        found = self._store().get(ref)
        return [_identity(ref)] if found is not None and found.owner == named.urn else []

    def _ref(self, inputs: Mapping[str, Any]) -> Ref:
        metadata = inputs["metadata"]
        return Ref(self._api_version, self._kind, metadata.get("namespace", ""), metadata["name"])

    def _ref_of(self, identity: str) -> Ref:
        namespace, _, name = identity.rpartition("/")
        return Ref(self._api_version, self._kind, namespace, name)


def _identity(ref: Ref) -> str:
    return f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name


def _address(inputs: Mapping[str, Any]) -> tuple[Any, Any]:
    metadata = inputs.get("metadata")
    if not isinstance(metadata, Mapping):
        raise ResourceError("Invalid", "an object needs metadata")
    return metadata.get("namespace"), metadata.get("name")
