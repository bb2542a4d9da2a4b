"""Who owns an object on a server: every resource applies under a field manager of its own, as the real provider's do.

That is also how leftovers and an inventory know what the program made and what Kubernetes made by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.data import items_of, map_of

PREFIX = "pulumi-kubernetes-"
MARK = "sandbox.agentic-platform/made-by"
"""An annotation on every object: who sets no field at all is no manager of an object, in a server's books."""


def manager_of(urn: str) -> str:
    """The field manager of one resource."""
    return f"{PREFIX}{hashlib.sha256(urn.encode()).hexdigest()[:8]}"


def marked(body: Mapping[str, Any], manager: str) -> dict[str, Any]:
    """The object with the mark of its manager."""
    metadata = map_of(body.get("metadata"))
    annotations = {**map_of(metadata.get("annotations")), MARK: manager}
    return {**body, "metadata": {**metadata, "annotations": annotations}}


def managers(live: Mapping[str, Any]) -> list[str]:
    """The resources that have a part in a live object, by their field managers."""
    entries = items_of(map_of(live.get("metadata")).get("managedFields"))
    return sorted(
        {str(entry["manager"]) for entry in entries if str(entry.get("manager", "")).startswith(PREFIX)}
    )
