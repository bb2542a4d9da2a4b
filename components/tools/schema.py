"""What a tool is asked with, as JSON Schema: checked here, so that no agent learns at run time that it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator

from components.core.faults import Fault
from components.tools.keywords import grammar_faults, keyword_faults

MOST_PARAMETERS = 30
LONGEST_SCHEMA = 20_000
"""Characters: every call of the model carries the schema of every tool."""

QUERY: Mapping[str, Any] = {
    "type": "object",
    "properties": {"query": {"type": "string", "minLength": 1, "description": "What to look for."}},
    "required": ["query"],
    "additionalProperties": False,
}


def code(language: str) -> dict[str, Any]:
    """What a tool that runs code is asked with."""
    what = (
        "A program; what it prints is the answer." if language == "python" else "SQL statements, for SQLite."
    )
    return {
        "type": "object",
        "properties": {"code": {"type": "string", "minLength": 1, "maxLength": 20_000, "description": what}},
        "required": ["code"],
        "additionalProperties": False,
    }


def wrong_with(schema: Mapping[str, Any]) -> list[Fault]:
    """Everything wrong with a tool's parameters, by the path below them, each with what to do; empty when they fit."""
    refused = grammar_faults(schema)
    if refused:
        return refused
    if schema.get("type") != "object":
        return [Fault("type", "is not object: a tool is called with named values", "write type: object")]
    properties = cast("Mapping[str, Any]", schema.get("properties", {}))
    found: list[Fault] = []
    if len(properties) > MOST_PARAMETERS:
        rule = f"has {len(properties)} entries; models lose their way beyond {MOST_PARAMETERS}"
        found.append(Fault("properties", rule, "make two tools of it"))
    missing = [name for name in schema.get("required", ()) if name not in properties]
    if missing:
        found.append(
            Fault("required", f"names {', '.join(missing)}, which no property is", "add it, or drop it")
        )
    if len(str(dict(schema))) > LONGEST_SCHEMA:
        rule = f"has more than {LONGEST_SCHEMA} characters"
        found.append(Fault("", rule, "describe less, or make two tools of it"))
    found += [
        Fault(f"properties.{name}", "is not an object", "a model has to be told what to write there")
        for name, one in properties.items()
        if not isinstance(one, Mapping)
    ]
    refers = sorted(REFERENCES & _keys(schema))
    if refers:
        # Nor is a default judged by it: the library would fetch what an address leads to.
        rule = f"has a {' and '.join(refers)}: models are shown the schema as it stands"
        return [*found, Fault("", rule, "write it out")]
    found += [
        Fault(f"properties.{name}.default", "does not fit its own schema", "correct one of the two")
        for name, one in properties.items()
        if isinstance(one, Mapping) and not _default_fits(cast("Mapping[str, Any]", one))
    ]
    return [*found, *keyword_faults(schema)]


REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})


def _default_fits(schema: Mapping[str, Any]) -> bool:
    judge: Any = Draft202012Validator(schema)
    return "default" not in schema or bool(judge.is_valid(schema["default"]))


def _keys(value: object) -> frozenset[str]:
    """Every key of it, at any depth."""
    if isinstance(value, Mapping):
        mapping = cast("Mapping[object, object]", value)
        return frozenset(map(str, mapping)).union(*(_keys(item) for item in mapping.values()))
    if isinstance(value, list):
        return frozenset[str]().union(*(_keys(item) for item in cast("list[object]", value)))
    return frozenset()
