"""The diagram of a stack's components, drawn from a captured plan and therefore never out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import networkx

from agentic.docs.text import table
from agentic.plan.model import Plan, Resource

COMPONENT_PREFIX = "agentic:"

INTRODUCTION = """\
Made from the captured plan of `{stack}` by `make docs`; do not edit. An arrow goes from what stands first to
what needs it; destroy runs the other way."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node of the diagram: a component, or several that stand in the same place."""

    names: tuple[str, ...]
    kind: str
    resources: int

    @property
    def label(self) -> str:
        """Return the words in the box."""
        named = ", ".join(self.names) if len(self.names) <= 6 else f"{len(self.names)} of them"
        return f"<b>{self.kind}</b><br/>{named}<br/>{self.resources} resources"


def layers_diagram(plan: Plan) -> str:
    """Return the mermaid diagram: what an arrow starts from has to stand before what it points at."""
    boxes, order = _boxes(plan)
    numbers = {box: f"n{number}" for number, box in enumerate(boxes)}
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'  {numbers[box]}["{box.label}"]' for box in boxes]
    lines += [
        f"  {numbers[first]} --> {numbers[then]}"
        for first, then in sorted(order, key=lambda e: (numbers[e[0]], numbers[e[1]]))
    ]
    return "\n".join([*lines, "```"])


def layers_page(plan: Plan) -> str:
    """Return the page: the diagram, and what each component is made of."""
    boxes, _ = _boxes(plan)
    owners = _owners(plan)
    content: dict[str, Counter[str]] = {}
    for resource in plan:
        owner = owners.get(resource.urn)
        if owner is not None and resource.custom:
            content.setdefault(plan.by_urn(owner).name, Counter())[resource.type] += 1
    rows = [
        (
            box.kind,
            ", ".join(box.names),
            ", ".join(
                f"{count} {kind}" for kind, count in sorted(content.get(box.names[0], Counter()).items())
            ),
        )
        for box in boxes
    ]
    return (
        "\n\n".join(
            [
                "# Layers",
                INTRODUCTION.format(stack=plan.stack),
                layers_diagram(plan),
                table(("component", "named", "each made of"), rows),
            ]
        )
        + "\n"
    )


def _owners(plan: Plan) -> Mapping[str, str]:
    """Return, for every resource inside a component, the outermost component it belongs to."""
    owners: dict[str, str] = {}

    def owner(resource: Resource) -> str | None:
        if resource.urn not in owners:
            above = owner(plan.by_urn(resource.parent)) if resource.parent in plan else None
            mine = resource.urn if resource.type.startswith(COMPONENT_PREFIX) else None
            if above or mine:
                owners[resource.urn] = above or mine or ""
        return owners.get(resource.urn)

    for resource in plan:
        owner(resource)
    return owners


def _boxes(plan: Plan) -> tuple[list[Box], set[tuple[Box, Box]]]:
    """Return the boxes in the order they stand up, and the arrows that are not implied by others."""
    owners = _owners(plan)
    size = Counter(owners[resource.urn] for resource in plan if resource.custom and resource.urn in owners)
    between: networkx.DiGraph[str] = networkx.DiGraph()
    between.add_nodes_from(sorted(set(owners.values())))
    for needing, needed in plan.graph().edges:
        then, first = owners.get(needing), owners.get(needed)
        if first and then and first != then:
            between.add_edge(first, then)
    reduced: networkx.DiGraph[str] = networkx.transitive_reduction(between)
    alike: dict[tuple[str, frozenset[str], frozenset[str]], list[str]] = {}
    for urn in networkx.lexicographical_topological_sort(reduced):
        place = (
            plan.by_urn(urn).type,
            frozenset(reduced.predecessors(urn)),
            frozenset(reduced.successors(urn)),
        )
        alike.setdefault(place, []).append(urn)
    box_of: dict[str, Box] = {}
    for (kind, _, _), urns in alike.items():
        names = tuple(plan.by_urn(urn).name for urn in urns)
        box = Box(names, kind.rpartition(":")[2], sum(size[urn] for urn in urns))
        box_of.update(dict.fromkeys(urns, box))
    return list(dict.fromkeys(box_of.values())), {(box_of[a], box_of[b]) for a, b in reduced.edges}
