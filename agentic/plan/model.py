"""A plan and its resources: frozen data, and the questions every reader asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import networkx

    from components.charts.pods import PodClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One registration, as the engine would have received it."""

    urn: str
    type: str
    name: str
    parent: str = ""
    provider: str = ""
    custom: bool = True
    remote: bool = False
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    dependencies: list[str] = field(default_factory=list[str])
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    secrets: list[str] = field(default_factory=list[str])
    unknowns: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    expanded: bool = False

    def section(self, *path: str) -> dict[str, Any]:
        """The mapping at this place of the inputs, or an empty one."""
        found: Any = self.inputs
        for key in path:
            found = cast("dict[str, Any]", found).get(key) if isinstance(found, dict) else None
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def needs(self) -> set[str]:
        """URNs that must exist before this resource, and may go only after it."""
        deleted_with = self.options.get("deleted_with")
        return {
            *self.dependencies,
            *(urn for urns in self.property_dependencies.values() for urn in urns),
            *([self.parent] if self.parent else []),
            *([self.provider] if self.provider else []),
            *(self.options.get("providers") or {}).values(),
            *([deleted_with] if deleted_with else []),
            *(self.options.get("replace_with") or ()),
        }


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Every resource a program registered, sorted by URN, and what the stack exports."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    pods: tuple[PodClass, ...] | None = None
    """What the releases bring, as their components declare it; None where nobody was asked."""

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        index: dict[str, list[Resource]] = {}
        for resource in self.resources:
            index.setdefault(resource.type, []).append(resource)
        return index

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def __contains__(self, urn: object) -> bool:
        return urn in self._by_urn

    def by_urn(self, urn: str) -> Resource:
        """The resource with this URN; KeyError when there is none."""
        return self._by_urn[urn]

    def all(self, type_token: str) -> list[Resource]:
        """Every resource of one type, in URN order."""
        return list(self._by_type.get(type_token, ()))

    def one(self, type_token: str, name: str | None = None) -> Resource:
        """The only resource of this type (and name); LookupError says what there is instead."""
        of_type = self._by_type.get(type_token, [])
        found = [resource for resource in of_type if name is None or resource.name == name]
        if len(found) == 1:
            return found[0]
        wanted = type_token if name is None else f"{type_token} {name!r}"
        there = ", ".join(resource.name for resource in of_type) or "none"
        raise LookupError(f"{len(found)} resources match {wanted}; of this type the plan has: {there}")

    def children(self, urn: str) -> list[Resource]:
        """Direct children of a component, in URN order."""
        return [resource for resource in self.resources if resource.parent == urn]

    def unknown_inputs(self) -> dict[str, set[str]]:
        """Property paths that hold a reference only the cloud can resolve, by URN."""
        return {resource.urn: set(resource.unknowns) for resource in self.resources if resource.unknowns}

    def graph(self) -> networkx.DiGraph[str]:
        """A directed graph of URNs: an edge goes from a resource to one it needs."""
        from agentic.plan.order import graph

        return graph(self)

    def deleted_before(self, first: str | Iterable[str], second: str | Iterable[str]) -> bool:
        """True when every URN in `first` is gone before any in `second` starts to be deleted."""
        from agentic.plan.order import deleted_before

        return deleted_before(self, first, second)
