"""plan.json: written whole and byte-stable, read with every doubt refused."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from agentic.plan.declared import from_records, to_records
from agentic.plan.errors import PlanError
from agentic.plan.model import Plan, Resource

FORMAT = "agentic-platform/plan"
VERSION = 1

_AGAIN = "capture it again: agentic plan <env> --out plan.json"
_TYPES: Mapping[str, type] = MappingProxyType(
    {
        "urn": str,
        "type": str,
        "name": str,
        "parent": str,
        "provider": str,
        "custom": bool,
        "remote": bool,
        "inputs": dict,
        "dependencies": list,
        "property_dependencies": dict,
        "options": dict,
        "secrets": list,
        "unknowns": dict,
        "expanded": bool,
    }
)
_OPTION_TYPES: Mapping[str, type] = MappingProxyType(
    {
        "aliases": list,
        "custom_timeouts": dict,
        "deleted_with": str,
        "ignore_changes": list,
        "protect": bool,
        "providers": dict,
        "replace_on_changes": list,
        "replace_with": list,
        "retain_on_delete": bool,
    }
)
"""Options that readers of a plan rely on."""

_REQUIRED = tuple(
    field.name for field in fields(Resource) if field.default is MISSING and field.default_factory is MISSING
)
_NAMES: Mapping[type, str] = MappingProxyType(
    {str: "text", bool: "true or false", dict: "an object", list: "a list"}
)


def to_json(plan: Plan) -> str:
    """The plan as text: one resource a line, keys sorted, values that are their default left out."""
    head = {"format": FORMAT, "version": VERSION, "project": plan.project, "stack": plan.stack}
    lines = [f"{_compact(key)}:{_compact(value)}," for key, value in head.items()]
    lines.append(f'"outputs":{_compact(dict(plan.outputs))},')
    if plan.pods is not None:
        pods = ",\n".join(_compact(pod) for pod in to_records(plan.pods))
        lines.append(f'"pods":[\n{pods}\n],')
    resources = ",\n".join(_compact(_stated(resource)) for resource in plan)
    return "{\n" + "\n".join(lines) + f'\n"resources":[\n{resources}\n]\n}}\n'


def from_json(text: str, source: str) -> Plan:
    """The plan that a text holds; PlanError names the place in `source` that is not as it should be."""
    try:
        document: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f"{source}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else source
        raise PlanError(where, "it is cut short or is no JSON", _AGAIN) from None
    _expect(document, dict, source)
    if document.get("format") != FORMAT:
        raise PlanError(source, f"it is no plan: `format` is not {FORMAT!r}", _AGAIN)
    version: Any = document.get("version")
    if version is True or version != VERSION:
        rule = f"it is of version {version!r}, and this command reads version {VERSION}"
        raise PlanError(source, rule, _AGAIN)
    for key, kind in (("project", str), ("stack", str), ("resources", list), ("outputs", dict)):
        _expect(document.get(key), kind, f"{source}: {key}")
    found: dict[str, Resource] = {}
    for index, item in enumerate(document["resources"]):
        resource = _resource(item, f"{source}: resources[{index}]")
        if resource.urn in found:
            raise PlanError(f"{source}: resources[{index}]", f"a second {resource.urn}", _AGAIN)
        found[resource.urn] = resource
    return Plan(
        project=document["project"],
        stack=document["stack"],
        resources=tuple(found[urn] for urn in sorted(found)),
        outputs=document["outputs"],
        pods=from_records(document["pods"], f"{source}: pods", _AGAIN) if "pods" in document else None,
    )


def save(plan: Plan, path: Path) -> None:
    """Write the plan so that a reader sees the old file or the new one, never a part."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise PlanError(
            str(path), f"it cannot be written: {error.strerror}", "choose another --out"
        ) from None
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(to_json(plan))
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        raise PlanError(
            str(path), f"it cannot be written: {error.strerror}", "choose another --out"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def load(path: Path) -> Plan:
    """The plan in a file; PlanError when there is none, or when it is not what `save` wrote."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PlanError(str(path), f"it cannot be read: {error.strerror}", _AGAIN) from None
    except UnicodeDecodeError:
        raise PlanError(str(path), "it is not UTF-8", _AGAIN) from None
    return from_json(text, str(path))


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _stated(resource: Resource) -> dict[str, Any]:
    values = {field.name: (getattr(resource, field.name), field.default) for field in fields(Resource)}
    return {
        name: value
        for name, (value, default) in values.items()
        if name in _REQUIRED or (value != default and value not in ({}, []))
    }


def _resource(item: Any, where: str) -> Resource:
    _expect(item, dict, where)
    known = cast("dict[str, Any]", item)
    for key, value in known.items():
        if key not in _TYPES:
            raise PlanError(f"{where}.{key}", "no such field", _AGAIN)
        _expect(value, _TYPES[key], f"{where}.{key}")
    for key in _REQUIRED:
        if key not in known:
            raise PlanError(f"{where}.{key}", "it is missing", _AGAIN)
    for key in ("dependencies", "secrets"):
        _expect_texts(known.get(key, []), f"{where}.{key}")
    for key in ("property_dependencies", "unknowns"):
        for name, texts in known.get(key, {}).items():
            _expect(texts, list, f"{where}.{key}.{name}")
            _expect_texts(texts, f"{where}.{key}.{name}")
    for key, value in known.get("options", {}).items():
        if key in _OPTION_TYPES:
            _expect(value, _OPTION_TYPES[key], f"{where}.options.{key}")
    return Resource(**known)


def _expect(value: Any, kind: type, where: str) -> None:
    if not isinstance(value, kind):
        raise PlanError(where, f"it is not {_NAMES[kind]}", _AGAIN)


def _expect_texts(values: list[Any], where: str) -> None:
    for index, value in enumerate(values):
        _expect(value, str, f"{where}[{index}]")
