"""Values that no plan can hold: unknowns without a name, and references that were taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agentic.plan.urns import qualified_type
from agentic.plan.wire import Reading, property_path


def faults(where: str, reading: Reading, request: Any = None) -> Iterator[tuple[str, str, str]]:
    """Each fault as where it is, the rule it breaks, and what to do."""
    for path in reading.untyped:
        sources = _types_behind(request, str(path[0])) or ["the type it reads"]
        yield (
            f"{where} {property_path(path)}",
            "its value is unknown and nothing says what it stands for",
            f"add the attribute it reads to the row of {' or '.join(sources)} in agentic/plan/shapes.py",
        )
    for path, text in reading.mangled.items():
        yield (
            f"{where} {property_path(path)}",
            f"a reference was cut or changed: {text!r}",
            "an apply may only place a value whole into a string: the cloud has not said yet what it is",
        )


def _types_behind(request: Any, key: str) -> list[str]:
    if request is None:
        return []
    urns = request.propertyDependencies[key].urns or request.dependencies
    return sorted({qualified_type(urn).split("$")[-1] for urn in urns})
