from __future__ import annotations

from collections.abc import Callable

import pytest

from agentic.plan.model import Plan, Resource

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]


def test_a_resource_is_found_by_type_and_name(resource: Make, plan_of: PlanOf) -> None:
    one, two = resource("a:b:C", "one"), resource("a:b:C", "two")
    plan = plan_of(two, one)
    assert plan.all("a:b:C") == [one, two]
    assert plan.all("a:b:D") == []
    assert plan.one("a:b:C", "two") is two
    assert plan.by_urn(one.urn) is one
    assert (one.urn in plan, "urn:x" in plan, len(plan)) == (True, False, 2)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("a:b:C",), "2 resources match a:b:C; of this type the plan has: one, two"),
        (("a:b:C", "three"), "0 resources match a:b:C 'three'; of this type the plan has: one, two"),
        (("a:b:D",), "0 resources match a:b:D; of this type the plan has: none"),
    ],
)
def test_a_search_that_is_not_answered_by_one_says_what_there_is(
    resource: Make, plan_of: PlanOf, asked: tuple[str, ...], said: str
) -> None:
    plan = plan_of(resource("a:b:C", "one"), resource("a:b:C", "two"))
    with pytest.raises(LookupError) as fault:
        plan.one(*asked)
    assert str(fault.value) == said


def test_a_section_is_empty_where_there_is_no_mapping(resource: Make) -> None:
    found = resource("a:b:C", "one", spec={"template": {"a": 1}, "list": [1]}, text="x")
    assert found.section("spec", "template") == {"a": 1}
    assert found.section("spec", "list") == {}
    assert found.section("text", "deeper") == {}
    assert found.section("nothing") == {}


def test_everything_a_resource_needs_is_listed(resource: Make) -> None:
    found = resource(
        "a:b:C",
        "one",
        _parent="parent",
        _provider="provider",
        _dependencies=["explicit"],
        _property_dependencies={"x": ["property"]},
        _options={"deleted_with": "with", "providers": {"aws": "inherited"}, "replace_with": ["replaced"]},
    )
    assert found.needs() == {
        *("parent", "provider", "explicit", "property", "with", "inherited", "replaced"),
    }
