"""Which shapes become an agent that asks agents, and how the others are refused."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.agents.spec import WorkflowSpec
from components.agents.workflows import circle, compiled, shape_faults


def workflow(**steps: dict[str, Any]) -> WorkflowSpec:
    return WorkflowSpec.model_validate(
        {
            "description": "Takes a question to an answer.",
            "model": {"name": "gpt-4"},
            "steps": {name.replace("_", "-"): step for name, step in steps.items()},
        }
    )


def faults(spec: WorkflowSpec) -> list[str]:
    return [str(fault) for fault in shape_faults("w", spec)]


CHAIN = workflow(
    write={"agent": "writer", "after": ["read"], "instruction": "Two pages at most."},
    read={"agent": "reader"},
    check={"agent": "checker", "after": ["write"]},
)
ROUTER = workflow(
    orders={"agent": "order-agent", "when": "it is about an order."},
    rest={"agent": "talker", "when": "it is about anything else"},
)


def test_a_chain_becomes_an_agent_that_asks_one_after_the_other() -> None:
    assert faults(CHAIN) == []
    agent = compiled(CHAIN)
    assert agent.agents == ["writer", "reader", "checker"]
    lines = agent.system_prompt.splitlines()
    steps = [line for line in lines if line[:2] in ("1.", "2.", "3.")]
    assert steps == [
        "1. read: ask reader, and give it the question.",
        "2. write: ask writer, and give it the answer of read. Two pages at most.",
        "3. check: ask checker, and give it the answer of write.",
    ]
    assert agent.tools == []


def test_branches_become_one_choice() -> None:
    assert faults(ROUTER) == []
    assert "Only when it is about an order; take no other branch then." in compiled(ROUTER).system_prompt


def test_an_agent_that_has_two_steps_is_one_tool() -> None:
    twice = workflow(first={"agent": "a"}, second={"agent": "a", "after": ["first"]})
    assert compiled(twice).agents == ["a"]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (
            workflow(
                a={"agent": "x", "when": "it is long"},
                b={"agent": "y", "when": "it is short"},
                c={"agent": "z", "after": ["a", "b"]},
            ),
            "workflows.w.steps.c.after: waits for a, b at once: kagent has no step that merges several answers; "
            "put them one after the other, or write it as an agent of type byo with LangGraph, whose graph can",
        ),
        (
            workflow(a={"agent": "x"}, b={"agent": "y"}),
            "workflows.w.steps.a.when: is missing, and a, b all stand at the beginning: kagent cannot run them side by "
            "side",
        ),
        (
            workflow(
                a={"agent": "x"},
                b={"agent": "y", "after": ["a"], "when": "it is long"},
                c={"agent": "z", "after": ["a"]},
            ),
            "workflows.w.steps.c.when: is missing, and b, c all stand after a",
        ),
        (
            workflow(a={"agent": "x", "after": ["c"]}, c={"agent": "z", "after": ["a"]}),
            "workflows.w.steps: go in a circle: a -> c -> a",
        ),
        (workflow(a={"agent": "x", "after": ["a"]}), "go in a circle: a -> a"),
        (
            workflow(a={"agent": "x", "after": ["gone"]}),
            "workflows.w.steps.a.after: names no step: 'gone'; write one of a",
        ),
    ],
)
def test_a_shape_of_which_no_agent_can_be_made_is_refused_with_a_way_out(
    spec: WorkflowSpec, words: str
) -> None:
    assert any(words in fault for fault in faults(spec)), faults(spec)


def test_a_circle_is_said_and_does_not_keep_other_rules_from_reading_the_workflow() -> None:
    circle = workflow(a={"agent": "x", "after": ["c"]}, c={"agent": "z", "after": ["a"]})
    assert compiled(circle).agents == ["x", "z"]


EDGES = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4), max_size=6
)


@given(EDGES)
def test_a_circle_is_one_and_none_is_missed(edges: dict[str, list[str]]) -> None:
    found = circle(edges)
    if found:
        assert found[0] == found[-1]
        assert all(after in edges[before] for before, after in pairwise(found))
        return
    left = {node: set(after) & set(edges) for node, after in edges.items()}
    while left:
        ends = {node for node, after in left.items() if not after & set(left)}
        assert ends, "what has no circle has an end"
        left = {node: after for node, after in left.items() if node not in ends}
