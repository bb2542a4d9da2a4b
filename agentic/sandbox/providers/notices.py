"""What a provider does beyond what was asked of it stands in the engine's diagnostics: nothing goes in silence."""

from __future__ import annotations

import sys
from collections.abc import Iterable


def say_warnings(what: str, warnings: Iterable[str]) -> None:
    """Tell what an API server warned of when it took an object."""
    for warning in warnings:
        print(f"{what}: {warning}", file=sys.stderr, flush=True)


def say_gone_along(what: str, inside: Iterable[tuple[str, str]]) -> None:
    """Tell which objects (kind, name) a deletion took along; the engine shows a plugin's standard error."""
    names = [f"{kind} {name}" for kind, name in sorted(inside)]
    if names:
        print(f"{what} took {len(names)} objects along: {', '.join(names)}", file=sys.stderr, flush=True)
