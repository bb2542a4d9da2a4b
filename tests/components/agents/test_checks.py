"""What is wrong between agents, workflows, tools and the rest of the stack, each with its words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.agents.checks import DEEPEST, Surrounding, agent_faults
from components.agents.spec import AgentSpec, ByoAgentSpec, DeclarativeAgentSpec, WorkflowSpec
from components.isolation.quota import QuotaSpec
from components.tenants.spec import TenantSpec
from tests.components.agents.scene import AGENTS, TOOLS, WORKFLOWS

TENANTS = {
    "tenant-a": TenantSpec(owner="team-a", cost_center="1", secrets=["openai"]),
    "tenant-b": TenantSpec(owner="team-b", cost_center="2", models=["gpt-3.5"]),
    "t" * 38: TenantSpec(owner="team-t", cost_center="3"),
}
AROUND = Surrounding(
    tenants=TENANTS,
    tools=TOOLS,
    keda=True,
    prometheus=True,
    cache=True,
    database=True,
    vectors=True,
    vector_users=("ai-agents", "tenant-a"),
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


def image(**said: Any) -> ByoAgentSpec:
    return ByoAgentSpec.model_validate(
        {
            "type": "byo",
            "framework": "langgraph",
            "description": "Answers questions.",
            "model": {"name": "gpt-3.5"},
            "image": "a.example.com/x:1",
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
        (
            {"a": one(tenant="tenant-c")},
            "agents.a.tenant: is 'tenant-c'; the stack has: tenant-a, tenant-b, ttt",
        ),
        (
            {"a": one(tenant="t" * 38)},
            "with 38 characters the Services of its kagent would have names of more than 63; a tenant with agents "
            "has 37 at most; give the agent to a tenant with a shorter name, or drop it",
        ),
        (
            {"a": one(tenant="tenant-b")},
            "agents.a.model.name: is 'gpt-4', for which the gateway refuses tenant tenant-b; it may ask for: gpt-3.5; "
            "name one of those, or add it to tenants.tenant-b.models",
        ),
        (
            {
                "a": one(
                    tenant="tenant-b",
                    model={"name": "gpt-3.5"},
                    memory={"long_term": {"embedding_model": "ada"}},
                )
            },
            "agents.a.memory.long_term.embedding_model: is 'ada', for which the gateway refuses tenant tenant-b",
        ),
        # kagent would write its own over the Secret of that name.
        ({"milvus-reader": one(tenant="tenant-a")}, "is the name of something else in tenant-a"),
        ({"tenant-a-kagent-controller": one(tenant="tenant-a")}, "is the name of something else in tenant-a"),
        (
            {"a": one(agents=["b"]), "b": one(tenant="tenant-a")},
            "agents.a.agents: has b, which runs in tenant-a, not in ai-agents",
        ),
        (
            {"a": one(tenant="tenant-a", tools=["web-search"])},
            "agents.a.tools[0]: is 'web-search', a tool of the platform, and the agent is tenant tenant-a's",
        ),
        ({"tenant": one()}, "agents.tenant: 'tenant' is the name of something else in ai-agents"),
        ({"sessions": one()}, "agents.sessions: 'sessions' is the name of something else in ai-agents"),
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
            "agents.a.scaling.queue: is a list of the platform's own agents, which tenant tenant-a's user of the cache "
            "may not touch",
        ),
    ],
)
def test_a_fault_of_an_agent_is_said_with_its_place(agents: dict[str, AgentSpec], words: str) -> None:
    assert any(words in fault for fault in faults(agents)), faults(agents)


@pytest.mark.parametrize(
    ("tenant", "around", "words"),
    [
        (None, AROUND, ()),
        ("tenant-a", AROUND, ()),
        (
            "tenant-b",
            AROUND,
            (
                "agents.a.stores.vectors: is search, and tenant-b has no user there: no collection is of isolation "
                "database; add one to vectors.collections with isolation: database, or drop it",
            ),
        ),
        (
            None,
            replace(AROUND, vector_users=("tenant-a",)),
            (
                "agents.a.stores.vectors: is search, and ai-agents has no user there: no collection is of isolation "
                "partition_key; add one to vectors.collections with isolation: partition_key, or drop it",
            ),
        ),
        (
            None,
            replace(AROUND, vectors=False, vector_users=()),
            (
                "agents.a.stores.vectors: is search, and the stack has no vectors; switch data.milvus and vectors on, "
                "or drop it",
            ),
        ),
    ],
)
def test_an_image_is_told_of_vectors_where_its_namespace_has_a_user(
    tenant: str | None, around: Surrounding, words: tuple[str, ...]
) -> None:
    one = image(tenant=tenant, stores={"vectors": "search"})
    assert faults({"a": one}, around=around) == list(words)
    assert faults({"a": image(tenant=tenant)}, around=around) == []


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


def test_a_tenants_kagent_and_agents_have_to_find_room_in_its_namespace() -> None:
    quota = QuotaSpec(cpu="4", memory="8Gi", limits_cpu="8", limits_memory="16Gi", services=4)
    tight = TenantSpec(owner="team-d", cost_center="4", secrets=["kagent-db"], quota=quota)
    around = replace(AROUND, tenants={"tenant-d": tight})
    agents: dict[str, AgentSpec] = {name: one(tenant="tenant-d") for name in ("a", "b")}
    assert faults(agents, around=around) == [
        "tenants.tenant-d.secrets: has kagent-db, by which the kagent of its agents finds its database; "
        "give that secret another name",
        "tenants.tenant-d.quota.services: is 4, and its agents need 5: 3 of its kagent and one of each agent; "
        "raise it to at least 5, or give it fewer agents",
    ]
    (left,) = faults({"a": one(tenant="tenant-d")}, around=around)
    assert "kagent-db" in left


def test_what_is_taken_in_one_namespace_is_free_in_another() -> None:
    assert faults({"openai": one(), "kagent-controller": one(tenant="tenant-a")}) == []


def test_a_tenants_agent_is_scaled_by_sessions_as_any_other() -> None:
    assert faults({"a": one(tenant="tenant-a", scaling={"sessions": {"threshold": 5}})}) == []


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
