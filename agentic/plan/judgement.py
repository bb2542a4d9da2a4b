"""Whether a change updates or replaces a resource, and whom a replacement takes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agentic.plan.changes import at_or_below
from agentic.plan.delta import Operation, ResourceChange, change_of
from agentic.plan.model import Resource
from agentic.plan.replacements import Verdict, overall, verdict


def judged(change: ResourceChange, paths: list[str], resource: Resource) -> ResourceChange:
    """The change as update or replacement, as the properties at these paths demand."""
    wanted = resource.options.get("replace_on_changes", ())
    asked = [path for path in paths if any(at_or_below(path, ancestor) for ancestor in wanted)]
    found = Verdict.YES if asked else overall(resource.type, paths)
    forcing = asked + [path for path in paths if verdict(resource.type, path) is Verdict.YES]
    return replace(
        change,
        operation=Operation.REPLACE if found is Verdict.YES else Operation.UPDATE,
        replacement=found,
        forcing=tuple(dict.fromkeys(forcing)),
    )


def cascade(compared: list[ResourceChange | None], resources: list[Resource]) -> list[ResourceChange | None]:
    """Carry replacements on: a property that refers to a replaced resource gets another value."""
    found = list(compared)
    users = _users(resources)
    waiting = [index for index, change in enumerate(found) if _is_replaced(change)]
    while waiting:
        source = waiting.pop(0)
        for index, path in users.get(source, ()):
            resource = resources[index]
            if any(at_or_below(path, ignored) for ignored in resource.options.get("ignore_changes", ())):
                continue
            was_replaced = _is_replaced(found[index])
            found[index] = _carried(found[index], resource, path, resources[source].urn)
            if not was_replaced and _is_replaced(found[index]):
                waiting.append(index)
    return found


def _users(resources: list[Resource]) -> dict[int, list[tuple[int, str]]]:
    """Who refers to a resource, and at which path; both by position."""
    named: dict[str, list[int]] = {}
    for index, resource in enumerate(resources):
        named.setdefault(f"{resource.type}::{resource.name}", []).append(index)
    users: dict[int, list[tuple[int, str]]] = {}
    for index, resource in enumerate(resources):
        for path, references in resource.unknowns.items():
            for reference in references:
                for source in _resources_of(reference, resource, named, resources):
                    users.setdefault(source, []).append((index, path))
    return users


_RANK = {Verdict.NO: 0, Verdict.UNKNOWN: 1, Verdict.YES: 2}


def _is_replaced(change: ResourceChange | None) -> bool:
    return change is not None and change.operation is Operation.REPLACE


def _resources_of(
    reference: str, user: Resource, named: Mapping[str, list[int]], resources: list[Resource]
) -> list[int]:
    """Whom a reference means. A name may contain dots: the longest that exists wins.

    Two resources may share type and name below different parents: then it is the one the user depends on.
    """
    head = reference
    while head and head not in named:
        head = head.rpartition(".")[0]
    found = named.get(head, [])
    return [index for index in found if resources[index].urn in user.dependencies] or found


def _carried(change: ResourceChange | None, resource: Resource, path: str, source: str) -> ResourceChange:
    base = change or change_of(Operation.OPTION, resource)
    by_this = judged(base, [path], resource)
    worse = by_this if _RANK[by_this.replacement] > _RANK[base.replacement] else base
    return replace(
        base,
        operation=Operation.REPLACE if _is_replaced(worse) else Operation.UPDATE,
        replacement=worse.replacement,
        forcing=tuple(dict.fromkeys((*base.forcing, *by_this.forcing))),
        carried=tuple(sorted({*base.carried, (path, source)})),
    )
