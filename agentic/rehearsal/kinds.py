"""Which kinds a server serves, and under which path: asked of the server, never guessed from a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agentic.rehearsal.client import JSON, Client

DISCOVERY = f"{JSON};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind in one version, as the server serves it."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    listed: bool = True
    """Whether its objects are kept and can be listed; a review is answered and forgotten."""

    @property
    def api_version(self) -> str:
        """As a manifest has it."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def path_of_all(self) -> str:
        """Where the objects of all namespaces are listed."""
        return f"{self._root}/{self.plural}"

    def path(self, namespace: str) -> str:
        """Where objects of this kind are; without a namespace for kinds that live in none."""
        return f"{self._root}/namespaces/{namespace}/{self.plural}" if self.namespaced else self.path_of_all

    @property
    def _root(self) -> str:
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"


class Kinds:
    """What one server serves, as of the last look."""

    def __init__(self, client: Client) -> None:
        """Look once."""
        self._client = client
        self._known: dict[tuple[str, str], Kind] = {}
        self.refresh()

    def refresh(self) -> None:
        """Look again: after definitions were added."""
        found = [*self._look("/api"), *self._look("/apis")]
        self._known = {(kind.api_version, kind.kind): kind for kind in found}

    def find(self, api_version: str, kind: str) -> Kind | None:
        """The kind, if it is served in this very version."""
        return self._known.get((api_version, kind))

    def versions(self, group: str, kind: str) -> list[str]:
        """Every version of a group in which a kind is served."""
        return sorted(k.api_version for k in self._known.values() if k.group == group and k.kind == kind)

    def listed(self) -> list[Kind]:
        """Every kind whose objects can be listed, each in one version."""
        return list({(k.group, k.kind): k for k in self._known.values() if k.listed}.values())

    def groups(self) -> frozenset[str]:
        """Every API group that has a kind."""
        return frozenset(kind.group for kind in self._known.values())

    def _look(self, path: str) -> Iterator[Kind]:
        document = self._client.request("GET", path, accept=DISCOVERY).body
        for group in document["items"]:
            name = group["metadata"].get("name", "")
            for version in group["versions"]:
                yield from _served(name, version)


def _served(group: str, version: dict[str, Any]) -> Iterator[Kind]:
    for resource in version.get("resources", ()):
        answered = resource.get("responseKind")
        if answered:
            yield Kind(
                group,
                version["version"],
                answered["kind"],
                resource["resource"],
                resource["scope"] == "Namespaced",
                "list" in resource.get("verbs", ()),
            )
