"""`docs/reference/config.md`: every path of the stack's object with its type, default, limits and meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentic.docs.schema import alternatives, stack_file_schema
from agentic.docs.text import cell, table
from stacks.profiles import MAPS_OF_NAMED_THINGS, PROFILES

INTRODUCTION = """\
Made from the models by `make docs`; do not edit. One object per environment, under
`config: agentic-platform:platform:` in `Pulumi.<env>.yaml`; an unknown key is an error. *required*: the file
must say it once its section is there. *by profile*: where the file does not say it, the profile does.
Editors check against [the schema](config.schema.json); `agentic config check <env>` checks everything."""

LISTED_VALUES = 12
"""Longer enumerations are counted here and listed in the schema."""

LIMITS = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "less than {}"),
    ("minLength", "{} characters or more"),
    ("maxLength", "{} characters at most"),
    ("minItems", "{} or more"),
    ("maxItems", "{} at most"),
    ("pattern", "matches `{}`"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the reference."""

    path: str
    type: str
    default: str
    limits: str
    meaning: str


def config_page() -> str:
    """Return the page; everything on it comes from the models and the profile tables."""
    schema = stack_file_schema()
    definitions: dict[str, Any] = schema["$defs"]
    platform: dict[str, Any] = definitions["PlatformConfig"]
    parts = [
        "# Configuration reference",
        INTRODUCTION,
    ]
    for section, node in platform["properties"].items():
        required = section in platform.get("required", [])
        scalar = not any(shape.get("type") == "object" for shape in alternatives(node, definitions))
        parts += [
            f"## {section}",
            "" if scalar else _meaning(node, definitions),
            *_section(section, node, required, definitions),
        ]
    parts += ["## Profiles", "What each profile gives to a stack that does not say otherwise.", _profiles()]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(path: str, node: Mapping[str, Any], required: bool, definitions: Mapping[str, Any]) -> list[str]:
    """Return the tables of one section: one, or one for each alternative of a choice."""
    shapes = [shape for shape in alternatives(node, definitions) if shape.get("type") == "object"]
    if not shapes or "patternProperties" in shapes[0]:
        return [_table(_rows(path, node, required, definitions))]
    parts: list[str] = []
    for shape in shapes:
        mode = shape.get("properties", {}).get("mode", {}).get("const")
        if len(shapes) > 1:
            parts += [f"### {path}, mode: {mode}" if mode else f"### {path}", shape.get("description", "")]
        parts.append(_table(_rows_of_object(path, shape, definitions)))
    return parts


def _rows(
    path: str, node: Mapping[str, Any], required: bool, definitions: Mapping[str, Any]
) -> Iterator[Row]:
    """Yield the row of a value, or the rows of what is inside it."""
    shapes = [shape for shape in alternatives(node, definitions) if shape.get("type") != "null"]
    objects = [shape for shape in shapes if "properties" in shape]
    maps = [shape for shape in shapes if _map_value(shape)]
    lists = [shape for shape in shapes if _is_list_of_objects(shape, definitions)]
    if not objects:
        yield Row(
            path,
            _type(shapes, definitions),
            _default(node, required, path),
            _limits(shapes),
            _meaning(node, definitions),
        )
    for shape in objects:
        yield from _rows_of_object(path, shape, definitions)
    for shape in maps:
        below = _map_value(shape) or {}
        if any("properties" in inner for inner in alternatives(below, definitions)):
            yield from _rows(f"{path}.<name>", below, False, definitions)
    for shape in lists:
        yield from _rows(f"{path}[]", shape["items"], False, definitions)


def _rows_of_object(path: str, shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Row]:
    for key, below in shape.get("properties", {}).items():
        yield from _rows(f"{path}.{key}", below, key in shape.get("required", []), definitions)


def _map_value(shape: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what the entries of a map of named things look like."""
    for value in shape.get("patternProperties", {}).values():
        return value
    other: Any = shape.get("additionalProperties")
    return None if isinstance(other, bool) else other


def _is_list_of_objects(shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    items = shape.get("items")
    return bool(items) and any("properties" in inner for inner in alternatives(items, definitions))


def _type(shapes: list[dict[str, Any]], definitions: Mapping[str, Any]) -> str:
    return " or ".join(dict.fromkeys(_type_of(shape, definitions) for shape in shapes))


def _type_of(shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "const" in shape:
        return f"`{shape['const']}`"
    if "enum" in shape:
        values = shape["enum"]
        if len(values) > LISTED_VALUES:
            return f"one of {len(values)} values, see the schema"
        return " or ".join(f"`{value}`" for value in values)
    if shape.get("type") == "array":
        inner = list(alternatives(shape.get("items", {}), definitions))
        return f"list of {_type(inner, definitions)}"
    below = _map_value(shape)
    if below is not None:
        return f"map of {_type(list(alternatives(below, definitions)), definitions)}"
    name = str(shape.get("type", "any"))
    return "mapping" if name == "object" else name


def _default(node: Mapping[str, Any], required: bool, path: str) -> str:
    given = [value for profile in PROFILES.values() if (value := _given(profile, path)) is not None]
    if required or ("const" in node and node["const"] not in given and given):
        return "*required*"
    value = node.get("default")
    stated = "" if value is None or value in ({}, []) else f"`{json.dumps(value)}`"
    if given:
        return f"{stated}, or *by profile*" if stated else "*by profile*"
    return stated


def _limits(shapes: list[dict[str, Any]]) -> str:
    found = [
        wording.format(shape[key])
        for shape in shapes
        for key, wording in LIMITS
        if key in shape and not (key in ("minLength", "minItems") and shape[key] == 0)
    ]
    return ", ".join(dict.fromkeys(found))


def _meaning(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "description" in node:
        return " ".join(str(node["description"]).split())
    for shape in alternatives(node, definitions):
        return " ".join(str(shape.get("description", "")).split())
    return ""


def _table(rows: Iterator[Row]) -> str:
    lines = [(f"`{row.path}`", row.type, row.default, row.limits, row.meaning) for row in rows]
    return table(("path", "type", "default", "limits", "meaning"), lines)


def _given(profile: Mapping[str, Any], path: str) -> Any:
    value: Any = profile
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]  # pyright: ignore[reportUnknownVariableType] - a table of plain values
    return value  # pyright: ignore[reportUnknownVariableType]


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    for key, below in value.items():
        name = f"{path}.{key}" if path else key
        if isinstance(below, Mapping) and name not in MAPS_OF_NAMED_THINGS:
            yield from _leaves(below, name)
        else:
            yield name


def _profiles() -> str:
    paths = dict.fromkeys(path for profile in PROFILES.values() for path in _leaves(profile))
    lines = [
        (f"`{path}`", *(_shown(_given(profile, path)) for profile in PROFILES.values()))
        for path in sorted(paths)
    ]
    return table(("path", *PROFILES), lines)


def _shown(value: Any) -> str:
    return "" if value is None else cell(f"`{json.dumps(value)}`")
