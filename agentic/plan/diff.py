"""The difference between two plans: what the engine would create, update, replace, rename and delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from agentic.plan import files
from agentic.plan.blast import Blast
from agentic.plan.changes import ABSENT, changes, outside
from agentic.plan.delta import Delta, Operation, ResourceChange, change_of
from agentic.plan.judgement import cascade, judged
from agentic.plan.model import Plan, Resource
from agentic.plan.references import OPENING

KEPT_OPTIONS = ("custom_timeouts", "deleted_with", "ignore_changes", "protect", "retain_on_delete")
"""Options whose change a reviewer wants to see although no provider is called for it."""


def diff(old: Plan, new: Plan) -> Delta:
    """What turns the first plan into the second; components are left out, their children are not.

    Plans of two environments are compared as if they were one: the stack's name is no difference.
    """
    heading = {"old": f"{old.project}/{old.stack}", "new": f"{new.project}/{new.stack}"}
    old = _as_stack(old, new)
    pairs = _pairs(old, new)
    renamed = _Renames({before.urn: after.urn for before, after in pairs if before.urn != after.urn})
    kept = {before.urn for before, _ in pairs}
    arrived = {after.urn for _, after in pairs}
    found = [change_of(Operation.DELETE, resource) for resource in _real(old) if resource.urn not in kept]
    found += [change_of(Operation.CREATE, resource) for resource in _real(new) if resource.urn not in arrived]
    compared = [_compared(before, after, renamed) for before, after in pairs]
    compared = cascade(compared, [after for _, after in pairs])
    found += [change for change in compared if change is not None]
    operations, groups = list(Operation), list(Blast)
    found.sort(key=lambda c: (groups.index(c.blast), operations.index(c.operation), c.urn))
    return Delta(
        **heading,
        resources=tuple(found),
        outputs=tuple(changes(dict(old.outputs), dict(new.outputs))),
        unchanged=sum(change is None for change in compared),
    )


def _as_stack(old: Plan, new: Plan) -> Plan:
    if (old.project, old.stack) == (new.project, new.stack):
        return old
    text = files.to_json(old).replace(
        f"urn:pulumi:{old.stack}::{old.project}::", f"urn:pulumi:{new.stack}::{new.project}::"
    )
    return files.from_json(text, "the older plan")


def _real(plan: Plan) -> Iterable[Resource]:
    """Resources with something behind them: custom ones, and components whose children no plan lists."""
    listed = {resource.parent for resource in plan if resource.expanded}
    return (r for r in plan if r.custom or (r.remote and r.urn not in listed))


def _pairs(old: Plan, new: Plan) -> list[tuple[Resource, Resource]]:
    """Old and new of one resource: the same URN, or an alias of the new one."""
    pairs: list[tuple[Resource, Resource]] = []
    taken: set[str] = set()
    for after in _real(new):
        candidates = [after.urn, *after.options.get("aliases", ())]
        before = next((urn for urn in candidates if urn in old and urn not in taken), None)
        if before is not None and (before == after.urn or before not in new):
            taken.add(before)
            pairs.append((old.by_urn(before), after))
    return pairs


class _Renames:
    """Old values with new names, so that a rename is not also a change of all that refers to it."""

    def __init__(self, urns: Mapping[str, str]) -> None:
        self._urns = urns
        self._references = {
            f"{OPENING}{_short(before)}.": f"{OPENING}{_short(after)}." for before, after in urns.items()
        }

    def __call__(self, value: Any) -> Any:
        if not self._urns:
            return value
        if isinstance(value, dict):
            return {key: self(item) for key, item in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self(item) for item in cast("list[Any]", value)]
        if not isinstance(value, str):
            return value
        for before, after in self._references.items():
            value = value.replace(before, after)
        return self._urns.get(value, value)


def _short(urn: str) -> str:
    token, name = urn.split("::", 3)[2:]
    return f"{token.rpartition('$')[2]}::{name}"


def _compared(before: Resource, after: Resource, renamed: _Renames) -> ResourceChange | None:
    properties = outside(
        changes(renamed(before.inputs), after.inputs), after.options.get("ignore_changes", ())
    )
    options = list(changes(_shown(before, renamed), _shown(after, renamed)))
    old_urn = before.urn if before.urn != after.urn else ""
    if not (properties or options or old_urn):
        return None
    base = replace(
        change_of(Operation.RENAME if old_urn else Operation.OPTION, after),
        properties=tuple(properties),
        options=tuple(options),
        old_urn=old_urn,
        # It stays protected until an update has recorded that it no longer is.
        protected=bool(before.options.get("protect")),
    )
    paths = [change.path for change in properties]
    return judged(base, paths, after) if paths else base


def _shown(resource: Resource, renamed: _Renames) -> dict[str, Any]:
    kept = {name: resource.options[name] for name in KEPT_OPTIONS if name in resource.options}
    return renamed({**kept, "provider": resource.provider or ABSENT})
