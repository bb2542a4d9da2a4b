"""What a server would refuse is refused here: unknown fields, absent namespaces, kinds nobody has defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.objects import ObjectStore, Ref
from agentic.sandbox.providers.kubernetes.scope import ALWAYS_THERE, CLUSTER_SCOPED


class Rules:
    """The checks of one provider process."""

    def is_namespaced(self, api_version: str, kind: str) -> bool:
        """Tell whether objects of a kind live in namespaces."""
        return kind not in CLUSTER_SCOPED

    def faults(self, body: Mapping[str, Any]) -> list[tuple[str, str]]:
        """List (path, reason) of what the object's schema does not allow."""
        return []

    def admit(self, store: ObjectStore, ref: Ref, body: Mapping[str, Any]) -> None:
        """Raise what the server would answer to a write."""
        if (
            ref.namespace
            and ref.namespace not in ALWAYS_THERE
            and store.get(Ref("v1", "Namespace", "", ref.namespace)) is None
        ):
            raise ResourceError("NotFound", f'namespaces "{ref.namespace}" not found, for {ref}')
