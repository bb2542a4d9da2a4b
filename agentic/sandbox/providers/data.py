"""Property bags and API answers are plain data: these say what a value is, for the type checker too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard


def is_map(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether it is a map; keys of property bags and of API answers are text."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Tell whether it is a list."""
    return isinstance(value, list)


def items_of(value: Any) -> list[Any]:
    """Give a list that may not have been given: then it is empty."""
    return value or []


def map_of(value: Any) -> Mapping[str, Any]:
    """Give a map that may not have been given: then it is empty."""
    return value or {}
