"""Models that agents and tools ask for: a name with a slip of the pen is found before a request is."""

from __future__ import annotations

from typing import Any

import pytest

from components.gateway.asked import answers
from stacks import stack_file
from stacks.catalogue import declared_catalogue
from stacks.config import parse
from stacks.errors import ConfigError
from tests.conftest import ROOT

AGENT: dict[str, Any] = {
    "type": "declarative",
    "description": "Answers questions of customers.",
    "model": {"name": "gpt-4"},
    "system_prompt": "You answer.",
}
RELAY: dict[str, Any] = {
    "enabled": True,
    "providers": {"relay-provider": {"secret": "openai"}},
    "models": {
        **{
            name: {"provider": "relay-provider"}
            for name in ("gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-flash", "deepseek-v3.2")
        },
        "text-embedding-3-small": {"provider": "relay-provider", "makes": "vectors"},
    },
}
SEARCH = {"type": "retrieval", "description": "Finds what was written down.", "collection": "docs"}
VECTORS = {"collections": {"docs": {}}}
QWEN: dict[str, Any] = {
    "engine": "vllm",
    "pool": "l40s",
    "architecture": "Qwen/Qwen3-8B",
    "weights": {"source": "s3", "prefix": "models/qwen3-8b/1"},
    "max_model_len": 8192,
    "aliases": ["chat-small"],
    "replicas": 1,
}


@pytest.fixture
def platform(platform: dict[str, Any]) -> dict[str, Any]:
    platform["gpu_pools"]["l40s"] = {"instance_types": ["g6e.12xlarge"], "limit_gpus": 8}
    return platform


def faults(platform: dict[str, Any], **said: Any) -> list[str]:
    for section, value in said.items():
        platform[section] = {**platform.get(section, {}), **value} if value else value
    try:
        parse(platform, "x")
    except ConfigError as error:
        return list(error.faults)
    return []


def test_agents_workflows_and_searches_ask_for_what_there_is(platform: dict[str, Any]) -> None:
    memory = {"long_term": {"embedding_model": "text-embedding-3-small"}}
    step = {"one": {"agent": "support"}}
    desk = {"description": "Takes a message on.", "model": {"name": "chat-small"}, "steps": step}
    assert (
        faults(
            platform,
            relay=RELAY,
            models={"qwen3-8b": QWEN},
            agents={"support": {**AGENT, "memory": memory}},
            workflows={"desk": desk},
            tools={"search": {**SEARCH, "tenant": "tenant-a"}},
            vectors=VECTORS,
        )
        == []
    )


def test_dev_answers_to_the_names_that_clients_have_always_used_and_to_every_example() -> None:
    dev = parse(stack_file.read(ROOT, "dev").platform, "Pulumi.dev.yaml")
    found = answers(dev.gateway, declared_catalogue(dev), vectors=dev.relay.names_of_vectors)
    assert {"gpt-4", "claude-3", "mixtral-8x7b"} <= found.names
    assert {agent.model.name for agent in dev.agents.values()} <= found.names


def test_every_name_that_leads_nowhere_is_told_by_its_path(platform: dict[str, Any]) -> None:
    step = {"one": {"agent": "support"}}
    desk = {"description": "Takes a message on.", "model": {"name": "qwen"}, "steps": step}
    memory = {"long_term": {"embedding_model": "gpt-4"}}
    found = faults(
        platform,
        relay={**RELAY, "models": {key: one for key, one in RELAY["models"].items() if "text" not in key}},
        agents={"support": {**AGENT, "model": {"name": "gpt-5"}, "memory": memory}},
        workflows={"desk": desk},
        tools={"search": {**SEARCH, "tenant": "tenant-a"}},
        vectors=VECTORS,
    )
    assert [one.partition(";")[0].partition(", and nothing")[0] for one in found] == [
        "agents.support.memory.long_term.embedding_model: is 'gpt-4', and that makes no vectors",
        "agents.support.model.name: is 'gpt-5'",
        "vectors.collections.docs.embedding_model: is 'text-embedding-3-small', which tools.search turns questions "
        "into vectors with",
        "workflows.desk.model.name: is 'qwen'",
    ]


def test_a_tenants_list_has_models_that_there_are(platform: dict[str, Any]) -> None:
    platform["tenants"]["tenant-a"]["models"] = ["gpt-4", "gpt-5"]
    assert faults(platform, relay=RELAY) == [
        "tenants.tenant-a.models: has 'gpt-5', which nothing serves: auto, balanced, claude-3, claude-sonnet-4-5, "
        "cost-effective, deepseek-v3.2, gemini-2.5-flash, gpt-4, gpt-4.1, high-quality, text-embedding-3-small, "
        "ultra-cheap; name one of those, or drop it"
    ]


def test_a_tenant_whose_tool_searches_may_ask_for_vectors(platform: dict[str, Any]) -> None:
    platform["tenants"]["tenant-a"]["models"] = ["gpt-4"]
    tools = {"search": {**SEARCH, "tenant": "tenant-a"}}
    assert faults(platform, relay=RELAY, tools=tools, vectors=VECTORS) == [
        "tools.search.collection: is searched with vectors of text-embedding-3-small, for which the gateway refuses "
        "tenant tenant-a; it may ask for: gpt-4; add it to tenants.tenant-a.models"
    ]


def test_agents_have_a_gateway_to_ask(platform: dict[str, Any]) -> None:
    platform["gateway"] = {}
    agents = {"support": AGENT}
    assert faults(platform, agents=agents) == [
        "gateway: is off, and support would ask their models there; give it a host and leave it on, or drop the agents"
    ]
    assert faults(platform, agents=agents, kagent={"enabled": False}) == []


def test_a_model_that_cannot_be_read_makes_no_faults_of_those_who_name_it(platform: dict[str, Any]) -> None:
    platform["tenants"]["tenant-a"]["models"] = ["chat-small"]
    found = faults(
        platform,
        relay=RELAY,
        models={"qwen3-8b": {**QWEN, "max_model_len": "8k"}},
        agents={"support": {**AGENT, "model": {"name": "chat-small"}}},
        gateway={"routes": {"chat": {"backends": {"vllm-qwen3-8b": 100}}}},
    )
    assert [one.partition(";")[0] for one in found] == [
        "models.qwen3-8b.max_model_len: is not a whole number"
    ]
