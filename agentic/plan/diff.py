"""The difference between two plans: what the engine would create, update, replace, rename and delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

from agentic.plan import files
from agentic.plan.blast import Blast, blast
from agentic.plan.changes import ABSENT, Change, at_or_below, changes, outside
from agentic.plan.model import Plan, Resource
from agentic.plan.references import OPENING
from agentic.plan.replacements import Verdict, overall, source_of, verdict

KEPT_OPTIONS = ("custom_timeouts", "deleted_with", "ignore_changes", "protect", "retain_on_delete")
"""Options whose change a reviewer wants to see although no provider is called for it."""


class Operation(StrEnum):
    """What happens to one resource, worst first."""

    DELETE = "delete"
    REPLACE = "replace"
    UPDATE = "update"
    CREATE = "create"
    RENAME = "rename"
    OPTION = "option"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChange:
    """One resource that differs."""

    operation: Operation
    urn: str
    type: str
    name: str
    blast: Blast
    properties: tuple[Change, ...] = ()
    options: tuple[Change, ...] = ()
    old_urn: str = ""
    replacement: Verdict = Verdict.NO
    source: str = ""
    carried: tuple[tuple[str, str], ...] = ()
    """Property paths that refer to a replaced resource, with its URN: they get another value."""
    forcing: tuple[str, ...] = ()
    protected: bool = False
    retained: bool = False


@dataclass(frozen=True, kw_only=True)
class Delta:
    """Everything that differs, sorted by group, operation and URN."""

    old: str
    new: str
    resources: tuple[ResourceChange, ...] = ()
    outputs: tuple[Change, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """True when an update would find nothing to do and nothing to record."""
        return not self.resources and not self.outputs

    def counts(self) -> dict[str, int]:
        """How many resources each operation concerns."""
        found = {operation.value: 0 for operation in Operation}
        for change in self.resources:
            found[change.operation.value] += 1
        return found

    def groups(self) -> dict[Blast, list[ResourceChange]]:
        """Changes by what they can hurt, groups without any left out."""
        found = {group: [change for change in self.resources if change.blast is group] for group in Blast}
        return {group: members for group, members in found.items() if members}


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
    found = [_change(Operation.DELETE, resource) for resource in _real(old) if resource.urn not in kept]
    found += [_change(Operation.CREATE, resource) for resource in _real(new) if resource.urn not in arrived]
    compared = [_compared(before, after, renamed) for before, after in pairs]
    compared = _cascade(compared, [after for _, after in pairs])
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


def _change(operation: Operation, resource: Resource) -> ResourceChange:
    return ResourceChange(
        operation=operation,
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        blast=blast(resource),
        protected=bool(resource.options.get("protect")),
        retained=bool(resource.options.get("retain_on_delete")),
        source=source_of(resource.type),
    )


def _compared(before: Resource, after: Resource, renamed: _Renames) -> ResourceChange | None:
    properties = outside(
        changes(renamed(before.inputs), after.inputs), after.options.get("ignore_changes", ())
    )
    options = list(changes(_shown(before, renamed), _shown(after, renamed)))
    old_urn = before.urn if before.urn != after.urn else ""
    if not (properties or options or old_urn):
        return None
    base = replace(
        _change(Operation.RENAME if old_urn else Operation.OPTION, after),
        properties=tuple(properties),
        options=tuple(options),
        old_urn=old_urn,
        # It stays protected until an update has recorded that it no longer is.
        protected=bool(before.options.get("protect")),
    )
    paths = [change.path for change in properties]
    return _judged(base, paths, after) if paths else base


def _judged(change: ResourceChange, paths: list[str], resource: Resource) -> ResourceChange:
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


def _cascade(compared: list[ResourceChange | None], resources: list[Resource]) -> list[ResourceChange | None]:
    """Carry replacements on: a property that refers to a replaced resource gets another value."""
    found = list(compared)
    position = {f"{resource.type}::{resource.name}": index for index, resource in enumerate(resources)}
    users: dict[int, list[tuple[int, str]]] = {}
    for index, resource in enumerate(resources):
        for path, references in resource.unknowns.items():
            for reference in references:
                source = _resource_of(reference, position)
                if source is not None:
                    users.setdefault(source, []).append((index, path))
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


_RANK = {Verdict.NO: 0, Verdict.UNKNOWN: 1, Verdict.YES: 2}


def _is_replaced(change: ResourceChange | None) -> bool:
    return change is not None and change.operation is Operation.REPLACE


def _resource_of(reference: str, position: Mapping[str, int]) -> int | None:
    """The resource a reference names; its name may contain dots, so the longest that exists wins."""
    head = reference
    while head:
        head = head.rpartition(".")[0]
        if head in position:
            return position[head]
    return None


def _carried(change: ResourceChange | None, resource: Resource, path: str, source: str) -> ResourceChange:
    base = change or _change(Operation.OPTION, resource)
    judged = _judged(base, [path], resource)
    worse = judged if _RANK[judged.replacement] > _RANK[base.replacement] else base
    return replace(
        base,
        operation=Operation.REPLACE if _is_replaced(worse) else Operation.UPDATE,
        replacement=worse.replacement,
        forcing=tuple(dict.fromkeys((*base.forcing, *judged.forcing))),
        carried=tuple(sorted({*base.carried, (path, source)})),
    )


def _shown(resource: Resource, renamed: _Renames) -> dict[str, Any]:
    kept = {name: resource.options[name] for name in KEPT_OPTIONS if name in resource.options}
    return renamed({**kept, "provider": resource.provider or ABSENT})
