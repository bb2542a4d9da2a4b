"""An object is held against the schema of its kind: an unknown field is an error, an unknown value is not."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from agentic.sandbox.providers.changes import Change, Kind
from agentic.sandbox.providers.data import is_map
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.wire import UNKNOWN, has_unknown

_LONGEST_REASON = 300
# Their values must not appear in an error.
_SECRET_KINDS = frozenset({"Secret"})


class Schemas:
    """Schemas of core kinds at one Kubernetes version, and of custom kinds from a directory."""

    def __init__(self, version: str, custom: CustomSchemas) -> None:
        """Use the schemas of `version`, or the newest before it."""
        self._version = version
        self._custom = custom
        self._validators: dict[tuple[str, str], Any] = {}
        self._guard = threading.Lock()

    def namespaced(self, api_version: str, kind: str) -> bool | None:
        """Tell what a custom definition says of its scope; None where there is none."""
        with self._guard:
            found = self._custom.get(api_version, kind)
        return None if found is None else found.namespaced

    def known(self, api_version: str, kind: str) -> bool:
        """Tell whether there is a schema."""
        with self._guard:
            return self._validator(api_version, kind) is not None

    def faults(self, body: Mapping[str, Any], *, partial: bool = False) -> list[tuple[str, str]]:
        """List (path, reason); `partial` is for patches, which need not be complete."""
        kind = str(body["kind"])
        # One at a time: schema registries fill themselves as they are used and are not made for threads.
        with self._guard:
            validator = self._validator(str(body["apiVersion"]), kind)
            if validator is None:
                return []
            errors = [*validator.iter_errors(dict(body)), *self._metadata_errors(body)]
            hide = kind in _SECRET_KINDS
            return sorted({fault for error in errors for fault in _faults(error, partial=partial, hide=hide)})

    def _metadata_errors(self, body: Mapping[str, Any]) -> Iterator[Any]:
        for error in self._metadata.iter_errors(body.get("metadata", {})):
            error.path.appendleft("metadata")
            yield error

    def _validator(self, api_version: str, kind: str) -> Any:
        key = (api_version, kind)
        if key not in self._validators:
            self._validators[key] = self._core(api_version, kind) or self._from_definition(api_version, kind)
        return self._validators[key]

    def _from_definition(self, api_version: str, kind: str) -> Any:
        import jsonschema

        found = self._custom.get(api_version, kind)
        return None if found is None else jsonschema.Draft202012Validator(found.schema)

    def _core(self, api_version: str, kind: str) -> Any:
        import jsonschema

        # As kubernetes-validate names its files: rbac.authorization.k8s.io/v1 is rbac-v1.
        place = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
        path = self._folder / f"{kind.lower()}-{place}.json"
        if not path.exists():
            return None
        schema = json.loads(path.read_bytes())
        stated = schema.get("properties", {}).get("apiVersion", {}).get("enum", [api_version])
        if api_version not in stated:
            return None  # a custom group whose first part is also a core one
        return jsonschema.Draft202012Validator(schema, registry=self._registry)

    @cached_property
    def _folder(self) -> Path:
        root = Path(str(resources.files("kubernetes_validate") / "kubernetes-json-schema"))
        have = {tuple(map(int, p.name[1:].split("-")[0].split("."))): p for p in root.glob("v*-local-strict")}
        wanted = tuple(map(int, self._version.split(".")[:2]))
        fitting = [version for version in have if version[:2] <= wanted] or [min(have)]
        return have[max(fitting)]

    @cached_property
    def _registry(self) -> Any:
        from referencing import Registry, Resource

        text = (self._folder / "_definitions.json").read_bytes()
        definitions: Resource[Any] = Resource.from_contents(json.loads(text))
        registry: Registry[Any] = Registry()
        return definitions @ registry

    @cached_property
    def _metadata(self) -> Any:
        import jsonschema

        reference = {
            "$ref": "https://kubernetes.io/api/_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
        }
        return jsonschema.Draft202012Validator(reference, registry=self._registry)


def _faults(error: Any, *, partial: bool, hide: bool) -> Iterator[tuple[str, str]]:
    path = tuple(error.absolute_path)
    instance = error.instance
    if instance is UNKNOWN or (partial and error.validator == "required"):
        return
    if error.validator == "additionalProperties" and is_map(instance):
        for name in sorted(set(instance) - set(error.schema.get("properties", {}))):
            place = _text((*path, name))
            yield place, f'unknown field "{place}"'
        return
    if error.validator != "required" and has_unknown(instance):
        return
    reason = f"does not satisfy {error.validator}" if hide else str(error.message)
    yield _text(path), reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}..."


def _text(path: tuple[str | int, ...]) -> str:
    return Change(path, Kind.UPDATE).text or "object"
