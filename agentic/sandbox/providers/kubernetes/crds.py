"""Schemas of custom resources come from a directory of definitions; only what is asked for is parsed, once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentic.sandbox.providers.data import is_map, map_of

_KEEPS_UNKNOWN = "x-kubernetes-preserve-unknown-fields"


@dataclass(frozen=True)
class CustomSchema:
    """One kind at one version; `namespaced` is None where only a bare schema was at hand."""

    namespaced: bool | None
    schema: Mapping[str, Any]


class CustomSchemas:
    """Finds the schema of a kind among YAML definitions, or among JSON schemas named `<kind>_<version>.json`."""

    def __init__(self, directory: Path | None, cache: Path) -> None:
        """Search `directory`; keep what was parsed under `cache`, by the content's hash."""
        self._directory = directory
        self._cache = cache
        self._found: dict[tuple[str, str], CustomSchema | None] = {}

    def get(self, api_version: str, kind: str) -> CustomSchema | None:
        """Give the schema, or None where there is none."""
        key = (api_version, kind)
        if key not in self._found:
            self._found[key] = self._definition(api_version, kind) or self._bare(api_version, kind)
        return self._found[key]

    def _files(self, *suffixes: str) -> Iterator[Path]:
        if self._directory is None or not self._directory.is_dir():
            return iter(())
        return (
            path for path in sorted(self._directory.rglob("*")) if path.suffix in suffixes and path.is_file()
        )

    def _definition(self, api_version: str, kind: str) -> CustomSchema | None:
        group, _, version = api_version.rpartition("/")
        for path in self._files(".yaml", ".yml"):
            content = path.read_bytes()
            # A look at the text spares parsing 25 MB of YAML for a handful of kinds.
            if f"kind: {kind}\n".encode() not in content or group.encode() not in content:
                continue
            for definition in self._parsed(content):
                if (definition["group"], definition["kind"]) == (group, kind) and version in definition[
                    "versions"
                ]:
                    return CustomSchema(definition["namespaced"], _closed(definition["versions"][version]))
        return None

    def _bare(self, api_version: str, kind: str) -> CustomSchema | None:
        group, _, version = api_version.rpartition("/")
        names = {f"{kind.lower()}_{version}.json", f"{group}_{kind.lower()}_{version}.json"}
        for path in self._files(".json"):
            if path.name in names:
                return CustomSchema(None, _closed(json.loads(path.read_bytes())))
        return None

    def _parsed(self, content: bytes) -> list[dict[str, Any]]:
        cached = self._cache / f"{hashlib.sha256(content).hexdigest()}.json"
        if cached.exists():
            return list(json.loads(cached.read_bytes()))
        definitions = list(_definitions(content))
        self._cache.mkdir(parents=True, exist_ok=True)
        # Several plugin processes may parse the same file: each writes its own, the last rename wins.
        fresh = cached.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(definitions))
        fresh.replace(cached)
        return definitions


def _definitions(content: bytes) -> Iterator[dict[str, Any]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for document in yaml.load_all(content, Loader=loader):
        if not is_map(document) or document.get("kind") != "CustomResourceDefinition":
            continue
        spec: Any = document["spec"]
        yield {
            "group": spec["group"],
            "kind": spec["names"]["kind"],
            "namespaced": spec["scope"] == "Namespaced",
            "versions": {v["name"]: v.get("schema", {}).get("openAPIV3Schema", {}) for v in spec["versions"]},
        }


def _closed(schema: Mapping[str, Any], *, root: bool = True) -> dict[str, Any]:
    """Write a structural schema as a JSON schema under which an unknown field is an error, as a server has it."""
    out = {
        key: value for key, value in schema.items() if not key.startswith("x-kubernetes-") and key != "format"
    }
    for key in ("items", "additionalProperties", "not"):
        if is_map(out.get(key)):
            out[key] = _closed(out[key], root=False)
    # What stands in allOf, anyOf and oneOf repeats properties to constrain them; it does not list them all.
    properties: Any = {
        name: _closed(part, root=False) for name, part in map_of(schema.get("properties")).items()
    }
    if root:
        properties |= {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
        }
    if schema.get("x-kubernetes-embedded-resource"):
        properties |= {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
        }
    if properties:
        out["properties"] = properties
        if not schema.get(_KEEPS_UNKNOWN) and "additionalProperties" not in schema:
            out["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        out.pop("type", None)
        out["type"] = ["integer", "string"]
    if out.pop("nullable", False) and isinstance(out.get("type"), str):
        out["type"] = [out["type"], "null"]
    return out
