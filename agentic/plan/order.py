"""What has to exist before what, and therefore what is deleted before what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx

from agentic.plan.model import Plan


def graph(plan: Plan) -> networkx.DiGraph[str]:
    """A directed graph of URNs: an edge goes from a resource to one it needs.

    To need a remote component is to need everything its provider registers below it; for a component written
    in Python the SDK has already listed the children (engine: DependencyGraph.DependenciesOf).
    """
    result: networkx.DiGraph[str] = networkx.DiGraph()
    result.add_nodes_from(resource.urn for resource in plan)
    below = _below_remote_components(plan)
    for resource in plan:
        for needed in resource.needs():
            result.add_edge(resource.urn, needed)
            if needed != resource.parent:
                result.add_edges_from((resource.urn, child) for child in below.get(needed, ()))
    return result


def _below_remote_components(plan: Plan) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for resource in plan:
        if resource.expanded:
            below.setdefault(resource.parent, []).append(resource.urn)
    return below


def creation_order(plan: Plan) -> list[str]:
    """URNs in an order in which everything needed comes first; the same plan always gives the same order."""
    return list(networkx.lexicographical_topological_sort(plan.graph().reverse()))


def deletion_order(plan: Plan) -> list[str]:
    """The exact reverse of the creation order."""
    return creation_order(plan)[::-1]


def deleted_before(plan: Plan, first: str | Iterable[str], second: str | Iterable[str]) -> bool:
    """True when every URN in `first` needs, directly or not, every URN in `second`.

    That is what makes the engine delete `first` before it touches `second`; a lucky place in an order is not.
    """
    earlier, later = _urns(first), _urns(second)
    edges = plan.graph()
    networks: Any = networkx  # the stubs lose the node type behind a dispatching decorator
    return bool(earlier and later) and all(later <= networks.descendants(edges, urn) for urn in earlier)


def _urns(given: str | Iterable[str]) -> set[str]:
    return {given} if isinstance(given, str) else set(given)
