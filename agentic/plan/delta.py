"""What a difference between two plans consists of: one change a resource, in groups by what it can hurt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agentic.plan.blast import Blast, blast
from agentic.plan.changes import Change
from agentic.plan.model import Resource
from agentic.plan.replacements import Verdict, source_of


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


def change_of(operation: Operation, resource: Resource) -> ResourceChange:
    """A change of this resource, its properties not yet compared."""
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
