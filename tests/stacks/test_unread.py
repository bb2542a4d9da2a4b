"""An entry with a fault of its own: those who name it have none, so that one mistake is one line."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.config import parse
from stacks.errors import ConfigError

AGENT: dict[str, Any] = {
    "type": "declarative",
    "description": "Answers questions of customers.",
    "model": {"name": "gpt-4"},
    "system_prompt": "You answer.",
}
TICKET: dict[str, Any] = {
    "type": "api",
    "description": "Opens a ticket for the second line.",
    "endpoint": "http://ticketing-service/api/tickets",
}
ASK = {"type": "human", "description": "Somebody has to allow it.", "approves": ["ticket"]}
RELAY = {
    "enabled": True,
    "providers": {"relay-provider": {"secret": "openai"}},
    "aliases": {"gpt-4": "gpt-4.1", "text": "gpt-4.1"},
}
STEPS = {"one": {"agent": "support"}}
DESK = {"description": "Takes a message on.", "model": {"name": "gpt-4"}, "steps": STEPS}

CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "a tenant of agents and tools",
        {
            "tenants": {"acme": {"owner": "team-acme", "cost_center": 4720}},
            "agents": {"support": {**AGENT, "tenant": "acme", "tools": ["ticket"]}},
            "tools": {"ticket": {**TICKET, "endpoint": "http://tickets.acme.svc/api", "tenant": "acme"}},
        },
        "tenants.acme.cost_center: is not text; put it in quotes",
    ),
    (
        "a pool of a model",
        {
            "gpu_pools": {"l40s": {"instance_types": ["g6e.12xlarge"], "limit_gpus": "eight"}},
            "models": {
                "qwen": {
                    "engine": "vllm",
                    "pool": "l40s",
                    "architecture": "Qwen/Qwen3-8B",
                    "weights": {"source": "s3", "prefix": "models/qwen3-8b/1"},
                    "max_model_len": 8192,
                    "replicas": 1,
                }
            },
        },
        "gpu_pools.l40s.limit_gpus: is not a whole number; GPUs of all nodes together; a burst can overrun it for a "
        "moment.",
    ),
    (
        "an agent of a workflow",
        {"agents": {"support": {**AGENT, "model": {}}}, "workflows": {"desk": DESK}},
        "agents.support.model.name: is missing; The public name of the model, for example gpt-4.",
    ),
    (
        "an agent that another asks",
        {"agents": {"support": {**AGENT, "model": {}}, "front": {**AGENT, "agents": ["support"]}}},
        "agents.support.model.name: is missing; The public name of the model, for example gpt-4.",
    ),
    (
        "a tool of an agent, and of a person who allows it",
        {
            "agents": {"support": {**AGENT, "tools": ["ticket", "ask"]}},
            "tools": {"ticket": {**TICKET, "timeout_seconds": "30s"}, "ask": ASK},
        },
        "tools.ticket.timeout_seconds: is not a whole number; How long one call may take.",
    ),
]


@pytest.mark.parametrize(("said", "fault"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_one_mistake_is_one_fault(platform: dict[str, Any], said: dict[str, Any], fault: str) -> None:
    for section, value in {"relay": RELAY, **said}.items():
        platform[section] = {**platform.get(section, {}), **value}
    with pytest.raises(ConfigError) as refusal:
        parse(platform, "x")
    assert refusal.value.faults == (fault,)
