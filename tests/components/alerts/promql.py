"""Which series an expression asks for, by a real parser: a name in a string or a label is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import promql_parser

from components.alerts.rules import Group


def names(expr: str) -> frozenset[str]:
    """The metric names of every selector; an error where a selector has no name, since it could be any."""
    found: set[str] = set()

    def visit(node: Any) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            if not node.name:
                raise ValueError(f"a selector without a name in: {expr}")
            found.add(node.name)
        return True

    promql_parser.walk(promql_parser.parse(expr), visit)
    return frozenset(found)


def used(groups: Iterable[Group]) -> frozenset[str]:
    """Every series that the rules of these groups ask for."""
    return frozenset(name for group in groups for rule in group.rules for name in names(rule.expr))
