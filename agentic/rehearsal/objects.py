"""Makes, merges, reads and removes objects of any kind on one server, with nothing let pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from agentic.rehearsal.client import APPLY, JSON, Answer, Client, Refused
from agentic.rehearsal.kinds import Kind, Kinds

MANAGER = "agentic"
# An unknown or doubled field is an error, not something to drop without a word.
STRICT = {"fieldManager": MANAGER, "fieldValidation": "Strict"}
DEFAULT_NAMESPACE = "default"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Which object: what no two of a cluster share."""

    api_version: str
    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Self:
        """Read it from a manifest; what is not stated is empty."""
        metadata = section(manifest, "metadata")
        return cls(
            str(manifest.get("apiVersion", "")),
            str(manifest.get("kind", "")),
            str(metadata.get("namespace") or ""),
            str(metadata.get("name") or ""),
        )

    def __str__(self) -> str:
        """As a person says it: kind, then namespace and name."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def section(manifest: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """The mapping at this place of a manifest, or an empty one."""
    found: Any = manifest
    for key in path:
        found = cast("Mapping[str, Any]", found).get(key) if isinstance(found, Mapping) else None
    return dict(cast("Mapping[str, Any]", found)) if isinstance(found, Mapping) else {}


def _dry(wanted: bool) -> dict[str, str]:
    return {"dryRun": "All"} if wanted else {}


class NoSuchKind(Exception):  # noqa: N818 - reads as the finding it is
    """The server does not serve this kind in this version."""

    def __init__(self, api_version: str, kind: str) -> None:
        super().__init__(f'no matches for kind "{kind}" in version "{api_version}"')


class Objects:
    """All objects of one server."""

    def __init__(self, client: Client) -> None:
        """Ask once what is served; `kinds.refresh()` asks again."""
        self._client = client
        self.kinds = Kinds(client)

    def create(self, manifest: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
        """Make an object that must not exist yet, or have that judged and not done."""
        query = STRICT | _dry(dry_run)
        return self._client.request("POST", self._collection(Ref.of(manifest)), manifest, query=query)

    def apply(
        self,
        manifest: Mapping[str, Any],
        *,
        manager: str = MANAGER,
        dry_run: bool = False,
        force: bool = False,
    ) -> Answer:
        """Make an object or merge into it by server-side apply, as the Pulumi provider does.

        `force` takes over fields that another manager has set to something else, instead of a conflict.
        """
        query = {**STRICT, "fieldManager": manager}
        query |= _dry(dry_run) | ({"force": "true"} if force else {})
        return self._client.request(
            "PATCH", self._path(Ref.of(manifest)), manifest, query=query, content_type=APPLY
        )

    def get(self, ref: Ref) -> Any:
        """The object, or None where there is none."""
        try:
            return self._client.request("GET", self._path(ref)).body
        except Refused as refusal:
            if refusal.code == 404:
                return None
            raise

    def list(self, api_version: str, kind: str, namespace: str = "") -> list[Any]:
        """Every object of a kind in one namespace."""
        path = self._collection(Ref(api_version, kind, namespace, ""))
        return list(self._client.request("GET", path).body["items"])

    def list_metadata(self, api_version: str, kind: str) -> list[dict[str, Any]]:
        """The metadata of every object of a kind, wherever it is."""
        found = self._kind(Ref(api_version, kind, "", ""))
        accept = f"{JSON};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
        answer = self._client.request("GET", found.path_of_all, accept=accept)
        return [section(item, "metadata") for item in answer.body["items"] or ()]

    def delete(self, ref: Ref) -> None:
        """Remove an object without grace; one that is not there is fine."""
        options = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "gracePeriodSeconds": 0,
            # A Job otherwise waits for the garbage collector to part it from its pods, and here is neither.
            "propagationPolicy": "Background",
        }
        try:
            self._client.request("DELETE", self._path(ref), options)
        except Refused as refusal:
            if refusal.code != 404:
                raise

    def _collection(self, ref: Ref) -> str:
        return self._kind(ref).path(ref.namespace or DEFAULT_NAMESPACE)

    def _path(self, ref: Ref) -> str:
        return f"{self._collection(ref)}/{ref.name}"

    def _kind(self, ref: Ref) -> Kind:
        kind = self.kinds.find(ref.api_version, ref.kind)
        if kind is None:
            raise NoSuchKind(ref.api_version, ref.kind)
        return kind
