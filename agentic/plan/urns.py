"""URNs and aliases, spelt exactly as the engine spells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

ROOT_TYPE = "pulumi:pulumi:Stack"


def qualified_type(urn: str) -> str:
    """The chain of types in a URN, parent first, joined by `$`."""
    return urn.split("::", 3)[2]


def name_of(urn: str) -> str:
    """The logical name at the end of a URN (which may itself contain `::`)."""
    return urn.split("::", 3)[3]


def make_urn(stack: str, project: str, parent: str, type_token: str, name: str) -> str:
    """The URN of a resource; a parent that is the stack itself adds nothing to the chain of types."""
    chain = qualified_type(parent) if parent else ROOT_TYPE
    token = type_token if chain == ROOT_TYPE else f"{chain}${type_token}"
    return f"urn:pulumi:{stack}::{project}::{token}::{name}"


def alias_urns(
    urn: str, type_token: str, name: str, parent: str, specs: Iterable[Any], parent_aliases: Iterable[str]
) -> list[str]:
    """Every URN this resource may have had: its own aliases, those of its parent, and both together."""
    stack, project = urn.removeprefix("urn:pulumi:").split("::", 3)[:2]
    specs = list(specs)
    found: dict[str, None] = {}
    for alias in specs:
        found[_resolve(alias, stack, project, parent, type_token, name)] = None
    for old_parent in parent_aliases:
        # The engine renames `{parent}-role` along with its parent: the child's name follows the prefix.
        renamed = name
        if parent and name.startswith(name_of(parent)):
            renamed = name_of(old_parent) + name.removeprefix(name_of(parent))
        found[make_urn(stack, project, old_parent, type_token, renamed)] = None
        for alias in specs:
            if alias.WhichOneof("alias") == "spec" and not alias.spec.parentUrn:
                found[_resolve(alias, stack, project, old_parent, type_token, renamed)] = None
    found.pop(urn, None)
    return list(found)


def _resolve(alias: Any, stack: str, project: str, parent: str, type_token: str, name: str) -> str:
    if alias.WhichOneof("alias") == "urn":
        return alias.urn
    spec = alias.spec
    old_parent = "" if spec.noParent else (spec.parentUrn or parent)
    return make_urn(
        spec.stack or stack, spec.project or project, old_parent, spec.type or type_token, spec.name or name
    )
