from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic.plan.model import Plan, Resource
from agentic.plan.order import creation_order, deletion_order, graph

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Each resource needs some that have a smaller number: no cycles, any shape."""
    resources = [
        Resource(
            urn=f"u{number}",
            type="a:b:C",
            name=str(number),
            dependencies=[f"u{need}" for need in draw(st.sets(st.integers(0, number - 1)))] if number else [],
        )
        for number in range(draw(st.integers(1, 12)))
    ]
    shuffled = draw(st.permutations(resources))
    return Plan(project="p", stack="s", resources=tuple(sorted(shuffled, key=lambda r: r.urn)))


@given(plans())
def test_whatever_is_needed_is_created_first_and_deleted_last(plan: Plan) -> None:
    created = {urn: place for place, urn in enumerate(creation_order(plan))}
    assert set(created) == {resource.urn for resource in plan}
    for resource in plan:
        for needed in resource.needs():
            assert created[needed] < created[resource.urn]
            assert plan.deleted_before(resource.urn, needed)
            assert not plan.deleted_before(needed, resource.urn)
    assert deletion_order(plan) == creation_order(plan)[::-1]


def test_a_place_in_the_order_by_chance_is_no_guarantee(resource: Make, plan_of: PlanOf) -> None:
    one, two = resource("a:b:C", "one"), resource("a:b:C", "two")
    plan = plan_of(one, two)
    assert deletion_order(plan) == [two.urn, one.urn]
    assert not plan.deleted_before(two.urn, one.urn)


def test_many_are_before_many_only_when_each_is_before_each(resource: Make, plan_of: PlanOf) -> None:
    cluster = resource("a:b:C", "cluster")
    network = resource("a:b:C", "network")
    pod = resource("a:b:C", "pod", _dependencies=[cluster.urn, network.urn])
    stray = resource("a:b:C", "stray", _dependencies=[cluster.urn])
    plan = plan_of(cluster, network, pod, stray)
    assert plan.deleted_before(pod.urn, [cluster.urn, network.urn])
    assert not plan.deleted_before([pod.urn, stray.urn], [cluster.urn, network.urn])


@pytest.mark.parametrize(("first", "second"), [([], "u"), ("u", [])])
def test_nothing_is_before_nothing(first: str | list[str], second: str | list[str]) -> None:
    plan = Plan(project="p", stack="s", resources=(Resource(urn="u", type="a:b:C", name="u"),))
    assert not plan.deleted_before(first, second)


def test_to_need_a_remote_component_is_to_need_its_children(resource: Make, plan_of: PlanOf) -> None:
    component = resource("eks:index:Cluster", "ai", _custom=False, _remote=True)
    inside = resource("aws:eks/cluster:Cluster", "ai-eksCluster", _parent=component.urn, _expanded=True)
    user = resource("a:b:C", "user", _dependencies=[component.urn])
    below = resource("a:b:C", "below", _parent=component.urn)
    edges = graph(plan_of(component, inside, user, below))
    assert edges.has_edge(user.urn, inside.urn)
    assert not edges.has_edge(below.urn, inside.urn)


def test_a_urn_outside_the_plan_is_still_a_node(resource: Make, plan_of: PlanOf) -> None:
    assert graph(plan_of(resource("a:b:C", "one", _dependencies=["urn:gone"]))).has_node("urn:gone")
