"""What is wrong between agents, workflows, tools and the rest of the stack, each with its words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.agents.checks import DEEPEST, Surrounding, agent_faults
from components.agents.spec import AgentSpec, DeclarativeAgentSpec, WorkflowSpec
from tests.components.agents.scene import AGENTS, TOOLS, WORKFLOWS

AROUND = Surrounding(
    tenants=("tenant-a", "tenant-b"), tools=TOOLS, keda=True, prometheus=True, cache=True, database=True
)


def one(**said: Any) -> DeclarativeAgentSpec:
    return DeclarativeAgentSpec.model_validate(
        {
            "description": "Answers questions.",
            "model": {"name": "gpt-4"},
            "system_prompt": "Be brief.",
            **said,
        }
    )


def faults(
    agents: dict[str, AgentSpec],
    workflows: dict[str, WorkflowSpec] | None = None,
    around: Surrounding = AROUND,
) -> list[str]:
    return [str(fault) for fault in agent_faults(agents, workflows or {}, around)]


def test_the_example_has_no_fault() -> None:
    assert faults(dict(AGENTS), dict(WORKFLOWS)) == []


@pytest.mark.parametrize(
    ("agents", "words"),
    [
        ({"a": one(tools=["gone"])}, "agents.a.tools[0]: names no tool: 'gone'; the catalogue has:"),
        ({"a": one(agents=["gone"])}, "agents.a.agents: names no agent: 'gone'; the stack has: none"),
        ({"a": one(agents=["a"])}, "agents.a.agents: has a ask itself"),
        (
            {"a": one(agents=["b"]), "b": one(agents=["a"])},
            "agents.a: asks itself by way of others: a -> b -> a; kagent refuses such agents",
        ),
        ({"a": one(tenant="tenant-c")}, "agents.a.tenant: is 'tenant-c'; the stack has: tenant-a, tenant-b"),
        (
            {"a": one(agents=["b"]), "b": one(tenant="tenant-a")},
            "agents.a.agents: has b, which runs in tenant-a, not in ai-agents",
        ),
        (
            {"a": one(tenant="tenant-a", tools=["web-search"])},
            "agents.a.tools[0]: is 'web-search', a tool of the platform, and the agent is tenant tenant-a's",
        ),
        ({"kagent-ui": one()}, "agents.kagent-ui: 'kagent-ui' is the name of something else in ai-agents"),
        ({"gateway-key-platform": one()}, "is the name of something else"),
        ({"queue-worker-a": one()}, "agents.queue-worker-a: 'queue-worker-a' is the name of something else"),
        (
            {"a": one(scaling={"queue": {"name": "q"}}), "b": one(scaling={"queue": {"name": "q"}})},
            "agents.b.scaling.queue.name: is 'q', the queue of a already; give each agent its own",
        ),
        (
            {"a": one(scaling={"queue": {"name": "a"}})},
            "agents.a.scaling.queue.name: is 'a', the name of an agent, which keeps keys of its own under it",
        ),
        (
            {"a": one(tenant="tenant-a", scaling={"queue": {"name": "q"}})},
            "agents.a.scaling.queue: is in the platform's cache, in which tenant tenant-a has no user",
        ),
    ],
)
def test_a_fault_of_an_agent_is_said_with_its_place(agents: dict[str, AgentSpec], words: str) -> None:
    assert any(words in fault for fault in faults(agents)), faults(agents)


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ({"keda": False}, "agents.customer-support-agent.scaling: needs KEDA, which is switched off"),
        ({"cache": False}, "agents.customer-support-agent.scaling.queue: needs a cache to be in"),
        ({"prometheus": False}, "agents.customer-support-agent.scaling.sessions: needs Prometheus"),
        ({"database": False}, "data.postgres.enabled: is false, but agents keep their conversations there"),
    ],
)
def test_what_an_agent_needs_has_to_be_there(lacks: dict[str, bool], words: str) -> None:
    assert any(words in fault for fault in faults(dict(AGENTS), around=replace(AROUND, **lacks)))


def test_agents_that_ask_agents_go_only_so_deep() -> None:
    def chain(length: int) -> dict[str, AgentSpec]:
        made: dict[str, AgentSpec] = {f"a{n}": one(agents=[f"a{n + 1}"]) for n in range(length)}
        return {**made, f"a{length}": one()}

    assert faults(chain(DEEPEST)) == []
    assert any(
        "asks 11 agents deep, of 10 that kagent follows" in fault for fault in faults(chain(DEEPEST + 1))
    )


def test_a_workflow_may_not_have_an_agents_name_nor_ask_itself_through_another() -> None:
    desk = WORKFLOWS["support-desk"]
    assert any(
        "workflows.customer-support-agent: has the name of an agent" in fault
        for fault in faults(dict(AGENTS), {"customer-support-agent": desk})
    )
    loop: dict[str, AgentSpec] = {"a": one(agents=["w"])}
    workflow = WorkflowSpec.model_validate(
        {"description": "Goes round and round.", "model": {"name": "gpt-4"}, "steps": {"s": {"agent": "a"}}}
    )
    assert any(
        "asks itself by way of others: a -> w -> a" in fault for fault in faults(loop, {"w": workflow})
    )


def test_a_workflow_with_an_unknown_agent_is_told_where() -> None:
    workflow = WorkflowSpec.model_validate(
        {"description": "Asks somebody gone.", "model": {"name": "gpt-4"}, "steps": {"s": {"agent": "gone"}}}
    )
    assert any("workflows.w.steps: names no agent: 'gone'" in fault for fault in faults({}, {"w": workflow}))


def test_a_faulty_workflow_hides_no_fault_of_agents() -> None:
    bad = WorkflowSpec.model_validate(
        {
            "description": "Waits for itself.",
            "model": {"name": "gpt-4"},
            "steps": {"s": {"agent": "a", "after": ["s"]}},
        }
    )
    found = faults({"a": one(tools=["gone"])}, {"w": bad})
    assert any("go in a circle" in fault for fault in found)
    assert any("names no tool: 'gone'" in fault for fault in found)
