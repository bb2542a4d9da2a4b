"""A schema by the words of JSON Schema: every slip of the pen in it, each with what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator

from components.core.faults import Fault

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
ANNOTATIONS = frozenset(
    {"$comment", "$defs", "$id", "$schema", "contentEncoding", "contentMediaType", "default", "deprecated"}
    | {
        "description",
        "else",
        "examples",
        "maxContains",
        "minContains",
        "readOnly",
        "then",
        "title",
        "writeOnly",
    }
)
KEYWORDS = frozenset(Draft202012Validator.VALIDATORS) | ANNOTATIONS
BOUNDS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
_CLOSE_ENOUGH = 0.75
"""Other keys are allowed in JSON Schema; only one that is nearly a keyword is taken for a mistake."""


def grammar_faults(schema: Mapping[str, Any]) -> list[Fault]:
    """Everything that JSON Schema itself refuses, by the path below the schema."""
    judge: Any = Draft202012Validator(
        Draft202012Validator.META_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    # The meta-schema has several parts, and some faults are found by each of them.
    found: dict[str, Fault] = {}
    for error in judge.iter_errors(schema):
        path = ".".join(str(part) for part in error.absolute_path)
        found.setdefault(path, _said(path, error))
    return [found[path] for path in sorted(found)]


def _said(path: str, error: Any) -> Fault:
    if path.rpartition(".")[2] == "type":
        return Fault(
            path, f"is {error.instance!r}, which is no type of JSON Schema", f"choose of {', '.join(TYPES)}"
        )
    return Fault(path, f"is not JSON Schema: {error.message}", "correct it")


def keyword_faults(schema: Mapping[str, Any], path: str = "") -> Iterator[Fault]:
    """Keys that are nearly keywords, which would silently do nothing, and bounds between which nothing is."""
    below = f"{path}." if path else ""
    for key in sorted(schema.keys() - KEYWORDS):
        close = difflib.get_close_matches(key, sorted(KEYWORDS), n=1, cutoff=_CLOSE_ENOUGH)
        if close and not key.startswith("x-"):
            yield Fault(
                f"{below}{key}",
                "is no keyword of JSON Schema and would do nothing",
                f"did you mean {close[0]!r}?",
            )
    for least, most in BOUNDS:
        low, high = schema.get(least), schema.get(most)
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            yield Fault(
                f"{below}{least}", f"is {low}, above {most} {high}: nothing would fit", "correct one of them"
            )
    for name, one in cast("Mapping[str, Any]", schema.get("properties", {})).items():
        if isinstance(one, Mapping):
            yield from keyword_faults(cast("Mapping[str, Any]", one), f"{below}properties.{name}")
    items = schema.get("items")
    if isinstance(items, Mapping):
        yield from keyword_faults(cast("Mapping[str, Any]", items), f"{below}items")
