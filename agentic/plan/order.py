"""What has to exist before what, and therefore what is deleted before what."""

from __future__ import annotations

from collections.abc import Iterable

import networkx

from agentic.plan.model import Plan


def graph(plan: Plan) -> networkx.DiGraph[str]:
    """A directed graph of URNs: an edge goes from a resource to one it needs.

    To depend on a component is to depend on everything below it, as in the engine.
    """
    result: networkx.DiGraph[str] = networkx.DiGraph()
    result.add_nodes_from(resource.urn for resource in plan)
    for resource in plan:
        result.add_edges_from((resource.urn, needed) for needed in resource.needs() if needed in plan)
    return result


def creation_order(plan: Plan) -> list[str]:
    """URNs in an order in which everything needed comes first; the same plan always gives the same order."""
    return list(networkx.lexicographical_topological_sort(plan.graph().reverse()))


def deletion_order(plan: Plan) -> list[str]:
    """The exact reverse of the creation order."""
    return creation_order(plan)[::-1]


def deleted_before(plan: Plan, first: str | Iterable[str], second: str | Iterable[str]) -> bool:
    """True when every URN in `first` needs, directly or not, every URN in `second`.

    That is what makes the engine delete `first` before it touches `second`; a lucky position in an order is not.
    """
    earlier, later = _urns(first), _urns(second)
    edges = plan.graph()
    return bool(earlier and later) and all(later <= networkx.descendants(edges, urn) for urn in earlier)


def _urns(given: str | Iterable[str]) -> set[str]:
    return {given} if isinstance(given, str) else set(given)
