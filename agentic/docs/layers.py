"""The diagram of a stack's components, drawn from a captured plan and therefore never out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import networkx

from agentic.docs.text import table
from agentic.plan.model import Plan, Resource

COMPONENT_PREFIX = "agentic:"
NAMES_IN_A_ROW = 4
PROVIDER_PREFIX = "pulumi:providers:"

INTRODUCTION = """\
Made from the captured plan of `{stack}` by `make docs`; do not edit. An arrow goes from what stands first to
what needs it; destroy runs the other way."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node of the diagram: the components that wait for the same and are waited for by the same."""

    urns: tuple[str, ...]
    label: str


def layers_diagram(plan: Plan) -> str:
    """Return the mermaid diagram: what an arrow starts from has to stand before what it points at."""
    boxes, arrows = _boxes(plan)
    number = {box: index for index, box in enumerate(boxes)}
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'  n{number[box]}["{box.label}"]' for box in boxes]
    pairs = sorted((number[first], number[then]) for first, then in arrows)
    lines += [f"  n{first} --> n{then}" for first, then in pairs]
    return "\n".join([*lines, "```"])


def order_diagram(plan: Plan) -> str:
    """Return the mermaid diagram of what stands up when: whatever is in a box needs something of the box above."""
    owners = _owners(plan)
    size = Counter(owners[resource.urn] for resource in plan if resource.custom and resource.urn in owners)
    steps = [sorted(urns) for urns in networkx.topological_generations(_between(plan, owners))]
    lines = ["```mermaid", "flowchart TD"]
    for number, urns in enumerate(steps):
        total = sum(size[urn] for urn in urns)
        kinds = sorted({_kind(plan.by_urn(urn)) for urn in urns})
        rows = [
            ", ".join(kinds[start : start + NAMES_IN_A_ROW]) for start in range(0, len(kinds), NAMES_IN_A_ROW)
        ]
        lines.append(f'  n{number}["<b>{",<br/>".join(rows)}</b><br/>{_resources(total)}"]')
    lines += [f"  n{number} --> n{number + 1}" for number in range(len(steps) - 1)]
    return "\n".join([*lines, "```"])


def layers_page(plan: Plan) -> str:
    """Return the page: the diagram, and what each component is made of."""
    owners = _owners(plan)
    content: dict[str, Counter[str]] = {urn: Counter() for urn in owners.values()}
    for resource in plan:
        if resource.custom and resource.urn in owners:
            content[owners[resource.urn]][_kind(resource)] += 1
    rows = [
        (
            _kind(plan.by_urn(urn)),
            plan.by_urn(urn).name,
            str(content[urn].total()),
            ", ".join(
                kind if count == 1 else f"{kind} x {count}" for kind, count in sorted(content[urn].items())
            ),
        )
        for box in _boxes(plan)[0]
        for urn in box.urns
    ]
    parts = [
        "# Layers",
        INTRODUCTION.format(stack=plan.stack),
        layers_diagram(plan),
        table(("component", "name", "resources", "made of"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def _kind(resource: Resource) -> str:
    """Return the last part of a type token: what a reader calls it."""
    last = resource.type.rpartition(":")[2]
    return f"{last} provider" if resource.type.startswith(PROVIDER_PREFIX) else last


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


def _between(plan: Plan, owners: Mapping[str, str]) -> networkx.DiGraph[str]:
    """Return which component has to stand before which.

    A provider is a wire, not a thing: the cluster's second one waits for namespaces, which would put the
    whole cluster behind them. So providers are nodes of their own, and then give way to what they connect.
    """
    node_of = {
        resource.urn: resource.urn if resource.type.startswith(PROVIDER_PREFIX) else owners.get(resource.urn)
        for resource in plan
    }
    between: networkx.DiGraph[str] = networkx.DiGraph()
    between.add_nodes_from(sorted(set(owners.values())))
    for needing, needed in plan.graph().edges:
        then, first = node_of.get(needing), node_of.get(needed)
        if first and then and first != then:
            between.add_edge(first, then)
    for wire in sorted(urn for urn in between if urn not in owners.values()):
        ends = [(first, then) for first in between.predecessors(wire) for then in between.successors(wire)]
        between.remove_node(wire)
        between.add_edges_from((first, then) for first, then in ends if first != then)
    return between


def _boxes(plan: Plan) -> tuple[list[Box], set[tuple[Box, Box]]]:
    """Return the boxes in the order they stand up, and the arrows that are not implied by others."""
    owners = _owners(plan)
    size = Counter(owners[resource.urn] for resource in plan if resource.custom and resource.urn in owners)
    reduced: networkx.DiGraph[str] = networkx.transitive_reduction(_between(plan, owners))
    alike: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for urn in networkx.lexicographical_topological_sort(reduced):
        place = (frozenset(reduced.predecessors(urn)), frozenset(reduced.successors(urn)))
        alike.setdefault(place, []).append(urn)
    boxes = [Box(tuple(urns), _label([plan.by_urn(urn) for urn in urns], size)) for urns in alike.values()]
    box_of = {urn: box for box in boxes for urn in box.urns}
    return boxes, {(box_of[first], box_of[then]) for first, then in reduced.edges}


def _label(components: list[Resource], size: Counter[str]) -> str:
    """Return the words in a box: each kind once, with its number where there are several."""
    kinds: dict[str, list[str]] = {}
    for component in components:
        kinds.setdefault(_kind(component), []).append(component.name)
    total = sum(size[component.urn] for component in components)
    shown = [
        f"<b>{kind}</b>{f' x {len(names)}' if len(names) > 1 else ''}"
        for kind, names in sorted(kinds.items())
    ]
    if len(components) == 1 and len(shown) == 1:
        shown.append(components[0].name)
    return "<br/>".join([*shown, _resources(total)])


def _resources(total: int) -> str:
    return f"{total} {'resource' if total == 1 else 'resources'}"
