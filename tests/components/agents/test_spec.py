"""What may be said about agents, and what the refusal of everything else says."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.agents.spec import CONTRACT, AgentSpec, ScalingSpec
from tests.components.agents.scene import AGENTS

AGENT: TypeAdapter[Any] = TypeAdapter(AgentSpec)
DECLARATIVE: dict[str, Any] = {
    "type": "declarative",
    "description": "Answers questions.",
    "model": {"name": "gpt-4"},
    "system_prompt": "Be brief.",
}
BYO: dict[str, Any] = {
    "type": "byo",
    "framework": "crewai",
    "description": "Answers questions.",
    "model": {"name": "gpt-4"},
    "image": "registry.example.com/agent:1.0.0",
}


def fault(raw: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as error:
        AGENT.validate_python(raw)
    return error.value.errors()[0]["msg"]


def test_the_first_example_has_the_numbers_it_was_asked_for_with() -> None:
    agent = AGENTS["customer-support-agent"]
    assert (agent.model.name, agent.model.temperature, agent.model.max_tokens) == ("gpt-4-turbo", 0.7, 4096)
    assert (agent.memory.ttl_seconds, agent.memory.max_history) == (3600, 50)
    assert agent.resources.requests == {"cpu": "250m", "memory": "512Mi"}
    assert agent.resources.limits == {"cpu": "500m", "memory": "1Gi"}
    scaling = agent.scaling
    assert (scaling.min_replicas, scaling.max_replicas) == (2, 20), (
        "one number where there were two, 10 and 20"
    )
    assert (scaling.cpu_percent, scaling.memory_percent) == (70, 80)
    assert scaling.queue is not None
    assert scaling.sessions is not None
    assert (scaling.queue.name, scaling.queue.length, scaling.sessions.threshold) == (
        "agent-task-queue",
        10,
        50,
    )
    assert (scaling.polling_seconds, scaling.cooldown_seconds) == (15, 300)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scaling": {"min_replicas": 4, "max_replicas": 3}}, "max_replicas 3 is below min_replicas 4"),
        ({"tools": ["a", "a"]}, "tools has a twice"),
        (
            {"tools": [f"t{n}" for n in range(15)], "agents": [f"a{n}" for n in range(6)]},
            "15 tools and 6 agents are more than the 20 that kagent takes",
        ),
        ({"system_prompt": "  \n"}, "system_prompt is blank"),
        (
            {"resources": {"cpu": "250m", "memory": "64Mi", "cpu_limit": "1", "memory_limit": "1Gi"}},
            "give it 256Mi",
        ),
        ({"model": {"name": "gpt-4", "temperature": 3}}, "less than or equal to 2"),
        ({"model": {"name": "gpt-4", "api_key": "sk-1"}}, "Extra inputs are not permitted"),
        ({"memory": {"ttl_seconds": 10}}, "greater than or equal to 300"),
        ({"replicas": 3}, "Extra inputs are not permitted"),
        ({"type": "chat"}, "does not match any of the expected tags"),
    ],
)
def test_a_declarative_agent_is_refused_with_the_reason(change: dict[str, Any], words: str) -> None:
    assert words in fault({**DECLARATIVE, **change})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"image": "registry.example.com/agent"}, "has no tag and no digest"),
        ({"image": "registry.example.com/agent:latest"}, "is a moving tag"),
        ({"image": "agent:1.0.0"}, "names no registry"),
        ({"env": {"lower": "1"}}, "is not a name in capitals"),
        ({"env": {"OPENAI_API_KEY": "sk-1"}}, "OPENAI_API_KEY is set by the platform"),
        (
            {"env": {"STRIPE_API_KEY": "x", "DB_PASSWORD": "y", "MAX_TOKENS": "4"}},
            "env: DB_PASSWORD, STRIPE_API_KEY would hold a secret, which everybody reads in a plan; let a tool",
        ),
        ({"framework": "autogen"}, "Input should be 'langgraph'"),
        ({"system_prompt": "Be brief."}, "Extra inputs are not permitted"),
    ],
)
def test_an_agent_of_ones_own_is_refused_with_the_reason(change: dict[str, Any], words: str) -> None:
    assert words in fault({**BYO, **change})


def test_both_kinds_are_taken_as_they_stand() -> None:
    assert AGENT.validate_python(DECLARATIVE).namespace == "ai-agents"
    assert AGENT.validate_python({**BYO, "tenant": "tenant-a"}).namespace == "tenant-a"
    assert AGENT.validate_python({**BYO, "image": f"a.example.com/b@sha256:{'0' * 64}"})


def test_keda_scales_as_soon_as_something_but_the_pods_is_measured() -> None:
    assert ScalingSpec().autoscaler == "HorizontalPodAutoscaler"
    assert ScalingSpec.model_validate({"queue": {"name": "q"}}).autoscaler == "ScaledObject"
    assert ScalingSpec.model_validate({"sessions": {}}).autoscaler == "ScaledObject"


def test_two_hundred_agents_of_the_default_size_fill_the_namespaces_quota() -> None:
    from components.core.quantities import parse
    from components.namespaces.catalogue import NAMESPACES

    quota = NAMESPACES["ai-agents"].quota
    assert quota is not None
    one = AGENT.validate_python(DECLARATIVE).resources
    assert parse(one.cpu) * 200 == parse(quota.cpu)
    assert parse(one.memory) * 200 == parse(quota.memory)
    assert quota.pods == 200


def test_the_contract_names_no_variable_twice_over() -> None:
    assert "OPENAI_BASE_URL" in CONTRACT
    assert all(name.isupper() for name in CONTRACT)
