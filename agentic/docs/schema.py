"""The JSON Schema of a stack file: what editors check while an operator types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from stacks.config import PlatformConfig
from stacks.profiles import PROFILES
from stacks.stack_file import PLATFORM_KEY

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/"


def stack_file_schema() -> dict[str, Any]:
    """Return the schema of `Pulumi.<env>.yaml` as a whole.

    It is a little more lenient than the program: what a profile provides is not required of the file. It is
    never stricter.
    """
    platform = PlatformConfig.model_json_schema()
    definitions: dict[str, Any] = platform.pop("$defs")
    _close_maps(platform)
    _close_maps(definitions)
    for profile in PROFILES.values():
        _release(platform, profile, definitions)
    _allow_several(platform, definitions)
    _allow_several(definitions, definitions)
    return {
        "$schema": DIALECT,
        "title": "A stack of agentic-platform",
        "description": "Pulumi.<env>.yaml: one object is the whole configuration of an environment.",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {PLATFORM_KEY: {"$ref": f"{REFERENCE}PlatformConfig"}},
                "required": [PLATFORM_KEY],
            },
            "secretsprovider": {"type": "string", "description": "Written by `pulumi stack init`."},
            "encryptedkey": {"type": "string", "description": "Written by `pulumi stack init`."},
            "encryptionsalt": {"type": "string", "description": "Written by `pulumi stack init`."},
            "environment": {"description": "Pulumi ESC environments, where they are used."},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": {**definitions, "PlatformConfig": platform},
    }


def schema_text() -> str:
    """Return the schema as it is printed and kept in the repository."""
    return json.dumps(stack_file_schema(), indent=2) + "\n"


def alternatives(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every object a node can stand for, its references followed."""
    if "$ref" in node:
        yield from alternatives(definitions[str(node["$ref"]).removeprefix(REFERENCE)], definitions)
        return
    choices = [choice for key in ("oneOf", "anyOf", "allOf") for choice in node.get(key, [])]
    if not choices:
        yield cast("dict[str, Any]", node)
    for choice in choices:
        yield from alternatives(choice, definitions)


def _close_maps(node: object) -> None:
    """Refuse names that match no pattern: pydantic states the pattern and leaves the rest open."""
    if isinstance(node, dict):
        document = cast("dict[str, Any]", node)
        if "patternProperties" in document:
            document.setdefault("additionalProperties", False)
        for value in document.values():
            _close_maps(value)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            _close_maps(value)


def _release(node: Mapping[str, Any], given: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
    """Take what a profile gives in full off the list of what the file has to say."""
    for shape in alternatives(node, definitions):
        required: list[str] = shape.get("required", [])
        for key, value in given.items():
            below: Mapping[str, Any] | None = shape.get("properties", {}).get(key)
            if below is not None and isinstance(value, Mapping):
                _release(below, cast("Mapping[str, Any]", value), definitions)
            if key in required and not (below and _still_asks(below, value, definitions)):
                required.remove(key)


def _allow_several(node: object, definitions: Mapping[str, Any]) -> None:
    """Let a union that need not say which alternative it is match more than one: the profile says it."""
    if isinstance(node, dict):
        document = cast("dict[str, Any]", node)
        if "oneOf" in document and "discriminator" in document:
            mode = str(document["discriminator"]["propertyName"])
            choices = [shape for one in document["oneOf"] for shape in alternatives(one, definitions)]
            if any(mode not in shape.get("required", []) for shape in choices):
                document["anyOf"] = document.pop("oneOf")
        for value in document.values():
            _allow_several(value, definitions)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            _allow_several(value, definitions)


def _still_asks(node: Mapping[str, Any], given: Any, definitions: Mapping[str, Any]) -> bool:
    """Tell whether a section must still be written although a profile gives part of it."""
    return isinstance(given, Mapping) and any(
        shape.get("required")
        for shape in alternatives(node, definitions)
        if _is_meant(shape, cast("Mapping[str, Any]", given))
    )


def _is_meant(shape: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Tell whether this alternative of a union is the one the profile's `mode` selects."""
    modes = shape.get("properties", {}).get("mode", {})
    return "const" not in modes or "mode" not in given or modes["const"] == given["mode"]
