"""Bad input about stores, models, gateway, relay, agents and tools: every rule is asked, in exact words."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.config import parse
from stacks.errors import ConfigError

AGENT = {
    "type": "declarative",
    "description": "Answers questions of customers.",
    "model": {"name": "gpt-4"},
    "system_prompt": "You answer.",
}
TICKET = {
    "type": "api",
    "description": "Opens a ticket for the second line.",
    "endpoint": "http://ticketing-service/api/tickets",
    "parameters": {"type": "object", "properties": {"subject": {"type": "string"}}, "required": ["subject"]},
}
SEARCH = {"type": "retrieval", "description": "Finds what was written down.", "collection": "docs"}
IMAGE = {
    "type": "byo",
    "framework": "langgraph",
    "description": "Answers from documents.",
    "model": {"name": "gpt-4"},
    "image": "registry.example.com/reader:1.0.0",
}
MODEL = {
    "engine": "vllm",
    "pool": "l4",
    "architecture": "Qwen/Qwen3-8B",
    "weights": {"source": "s3", "prefix": "models/qwen3-8b/1"},
    "max_model_len": 16384,
    "replicas": 1,
}

WORKFLOW = {"description": "Takes a message to whoever answers it.", "model": {"name": "gpt-4"}}
RELAY_PROVIDERS = {"relay-provider": {"secret": "openai"}}


def steps(**after: list[str]) -> dict[str, Any]:
    """Steps by name, each of the same agent, after those that are named."""
    return {name: {"agent": "support", "after": before} for name, before in after.items()}


# A sentence, what is said in the platform object, and a fault that must be among those reported.
CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "a cache that is off while Langfuse needs it",
        {"data": {"cache": {"mode": "off"}}},
        "data.cache.mode: is off, and langfuse",
    ),
    (
        "a database that is off while Langfuse needs it",
        {"data": {"postgres": {"enabled": False}}},
        "data.postgres.enabled: is off, and ",
    ),
    (
        "a cache of somebody else whose secret nobody declared",
        {"data": {"cache": {"mode": "external", "secret": "upstash"}}},
        "data.cache.secret: upstash is not declared in secrets; declared: openai",
    ),
    (
        "Milvus on nodes that do not hold it",
        {
            "data": {
                "milvus": {
                    "mode": "standalone",
                    "resources": {"cpu": "900", "memory": "4Gi", "cpu_limit": "900", "memory_limit": "4Gi"},
                }
            }
        },
        "data.milvus.resources: a pod that reserves 900 CPUs",
    ),
    (
        "external-dns without a zone",
        {"services": {"external_dns": {"enabled": True}}},
        "services.external_dns.zones: is empty, but external-dns is on",
    ),
    (
        "a model on a pool that the stack does not have",
        {"models": {"qwen": {**MODEL, "pool": "h200"}}},
        "models.qwen.pool: ",
    ),
    (
        "a model that fits no machine of its pool, with the arithmetic",
        {"models": {"qwen": MODEL}},
        "models.qwen: fits no instance type of pool l4: g6.12xlarge lacks 20.5 GiB on each GPU (weights 15.3",
    ),
    (
        "shares of a canary that do not sum to 100",
        {"gateway": {"routes": {"gpt-4": {"backends": {"stable": 80, "canary": 10}}}}},
        "gateway.routes.gpt-4: shares sum to 90 (stable 80 + canary 10), not 100; correct one of them",
    ),
    (
        "a canary that nobody serves",
        {"gateway": {"routes": {"gpt-4": {"backends": {"vllm-qwen": 100}}}}},
        "gateway.routes.gpt-4.backends: names no backend: 'vllm-qwen'; the stack has: none; add the model, or "
        "name another",
    ),
    (
        "a gateway open to the Internet without saying to whom",
        {"gateway": {"load_balancer": {"scheme": "internet-facing"}}},
        "gateway.load_balancer.source_ranges: is empty",
    ),
    (
        "an edge without a name",
        {"edge": {"enabled": True}},
        "edge.host: is missing, but edge.enabled is true",
    ),
    (
        "a relay without a provider's secret",
        {"relay": {"enabled": True, "providers": {"relay-provider": {"secret": "nobody"}}}},
        "relay.providers.relay-provider.secret: ",
    ),
    (
        "a workflow whose steps wait for each other",
        {
            "agents": {"support": AGENT},
            "workflows": {"desk": {**WORKFLOW, "steps": steps(first=["second"], second=["first"])}},
        },
        "workflows.desk.steps: go in a circle: first -> second -> first; an agent that leads cannot tell when to stop; "
        "break it, or write it as an agent of type byo with LangGraph, whose graph can",
    ),
    (
        "a workflow with a step after one that there is not",
        {
            "agents": {"support": AGENT},
            "workflows": {"desk": {**WORKFLOW, "steps": steps(first=[], second=["frist"])}},
        },
        "workflows.desk.steps.second.after: names no step: 'frist'; write one of first, second",
    ),
    (
        "a workflow with a step that waits for several",
        {
            "agents": {"support": AGENT},
            "workflows": {"desk": {**WORKFLOW, "steps": steps(one=[], two=["one"], three=["one", "two"])}},
        },
        "workflows.desk.steps.three.after: waits for one, two at once: kagent has no step that merges several "
        "answers; ",
    ),
    (
        "a sensitive tool that nobody has to approve",
        {"tools": {"ticket": {**TICKET, "sensitive": True}}},
        "tools.ticket: is sensitive, so that a person has to allow each call; set requires_approval: true",
    ),
    (
        "two autoscalers for one agent",
        {"agents": {"support": {**AGENT, "scaling": {"max_replicas": 10, "keda": {"max_replicas": 20}}}}},
        "agents.support.scaling.keda: no such key; known: cooldown_seconds, cpu_percent, max_replicas, ",
    ),
    (
        "replicas and scaling of one model",
        {"models": {"qwen": {**MODEL, "scaling": {"min": 1, "max": 2}}}},
        "models.qwen: replicas 1 and scaling 1 to 2 are two answers to one question; drop one of them",
    ),
    (
        "an index outside of what Milvus builds",
        {"vectors": {"collections": {"docs": {"index": {"type": "HNSW", "m": 4096}}}}},
        "vectors.collections.docs.index.m: is above 2048; ",
    ),
    (
        "a collection with a hyphen in its name",
        {"vectors": {"collections": {"my-docs": {}}}},
        "vectors.collections.my-docs: the name is not a plain name; use letters, digits and underscores, with no "
        "digit first and no hyphen",
    ),
    (
        "tiers and aliases of models that the relay does not have, each by itself",
        {"relay": {"enabled": True, "aliases": {"gpt-4": "gpt-9"}, "tiers": {"cost-effective": ["gpt-9"]}}},
        "relay.tiers.cost-effective: has 'gpt-9'; models are claude-sonnet-4-5, deepseek-v3.2, gemini-2.5-flash, ",
    ),
    (
        "a budget that is no amount",
        {"relay": {"budgets": {"tenants": {"tenant-a": "100 USD"}}}},
        "relay.budgets.tenants.tenant-a: is not a number; Of one tenant, by name, instead.",
    ),
    (
        "a budget for a tenant that does not exist",
        {"relay": {"enabled": True, "providers": RELAY_PROVIDERS, "budgets": {"tenants": {"tenant-x": 5}}}},
        "relay.budgets.tenants.tenant-x: is a budget for a tenant that the stack does not have; name one of tenant-a, ",
    ),
    (
        "a night that begins at 25 o'clock",
        {"relay": {"batch": {"start": "25:00"}}},
        "relay.batch.start: is not a time of day; write HH:MM of 24 hours, in quotes: ",
    ),
    (
        "an agent with a tool that nobody offers",
        {"agents": {"support": {**AGENT, "tools": ["search"]}}},
        "agents.support.tools[0]: names no tool: 'search'; the catalogue has: none; add it, or drop it",
    ),
    (
        "an agent of a tenant with the name of a secret of that tenant, which kagent would write over",
        {"agents": {"openai": {**AGENT, "tenant": "tenant-a"}}},
        "agents.openai: Secret openai in tenant-a would be that of tenants.tenant-a.secrets too; rename one of the two",
    ),
    (
        "a workflow that goes in a circle",
        {
            "agents": {"support": AGENT},
            "workflows": {
                "desk": {
                    "description": "Leads through the steps.",
                    "model": {"name": "gpt-4"},
                    "steps": {
                        "a": {"agent": "support", "after": ["b"]},
                        "b": {"agent": "support", "after": ["a"]},
                    },
                }
            },
        },
        "workflows.desk.steps: go in a circle: a -> b -> a",
    ),
    (
        "an agent of a tenant without a database to keep its conversations in",
        {
            "agents": {"support": {**AGENT, "tenant": "tenant-a"}},
            "data": {"postgres": {"enabled": False}},
        },
        "data.postgres.enabled: is false, but agents keep their conversations there; switch it on, or drop the agents",
    ),
    (
        "a tool for a tenant that does not exist",
        {"tools": {"ticket": {**TICKET, "tenant": "tenant-x"}}},
        "tools.ticket.tenant: is 'tenant-x'; the stack has: tenant-a; add the tenant, or drop it",
    ),
    (
        "a tenant's tool that searches a collection of the platform's",
        {
            "vectors": {"collections": {"agent_knowledge": {}, "docs": {"isolation": "partition_key"}}},
            "tools": {"notes": {**SEARCH, "tenant": "tenant-a"}},
        },
        "tools.notes.collection: is 'docs', and the database of tenant tenant-a has: agent_knowledge; name one of "
        "those, or add it to vectors.collections with isolation: database",
    ),
    (
        "a search where nobody makes the user it would search as",
        {"vectors": {"enabled": False}, "tools": {"notes": SEARCH}},
        "tools.notes: needs the job that makes its user, which is switched off; switch vectors on, or drop the tool",
    ),
    (
        "a tenant's tool with a token that its tenant does not ask for",
        {
            "secrets": {"crm": {"arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:crm-AbCdEf"}},
            "tools": {"ticket": {**TICKET, "tenant": "tenant-a", "auth": {"secret": "crm"}}},
        },
        "tools.ticket.auth.secret: is 'crm', which tenant tenant-a does not ask for; it asks for: openai; add it to "
        "tenants.tenant-a.secrets: a tenant's tool reads what its tenant may read",
    ),
    (
        "an image that asks for vectors which its namespace has not",
        {"agents": {"reader": {**IMAGE, "stores": {"vectors": "search"}}}},
        "agents.reader.stores.vectors: is search, and ai-agents has no user there: no collection is of isolation "
        "partition_key; add one to vectors.collections with isolation: partition_key, or drop it",
    ),
    (
        "a collection that Milvus has no room for",
        {"vectors": {"collections": {"everything": {"expected_vectors": 100_000_000}}}},
        "vectors.collections: expects 689.6 GiB in memory (everything 689.6), and 1 query node(s) of 4Gi hold "
        "3.6 before ",
    ),
    (
        "a Milvus of its own for a tenant that does not exist",
        {"vectors": {"dedicated": {"tenant-x": {}}}},
        "vectors.dedicated.tenant-x: names no tenant; the stack has: tenant-a; add tenants.tenant-x, or drop it",
    ),
    (
        "a collection for Milvuses that no tenant has",
        {"vectors": {"collections": {"contracts": {"isolation": "dedicated"}}}},
        "vectors.collections.contracts.isolation: is dedicated, and no tenant has a Milvus of its own; name one "
        "under vectors.dedicated (as data.milvus it takes 2 pods with 1.2 CPUs and 4.5 GiB, 20 GiB of volumes, and "
        "a bucket), or write database here",
    ),
    (
        "a Milvus of a tenant's own on nodes that do not hold it",
        {
            "vectors": {
                "dedicated": {
                    "tenant-a": {
                        "mode": "cluster",
                        "proxy": {
                            "resources": {
                                "cpu": "900",
                                "memory": "4Gi",
                                "cpu_limit": "900",
                                "memory_limit": "4Gi",
                            }
                        },
                    }
                }
            }
        },
        "vectors.dedicated.tenant-a.proxy.resources: a pod that reserves 900 CPUs",
    ),
    (
        "a Milvus of a tenant's own with a setting that none has",
        {"vectors": {"dedicated": {"tenant-a": {"replicas": 3}}}},
        "vectors.dedicated.tenant-a.replicas: no such key; known: enabled, etcd, local_disk_gib, mode, resources",
    ),
    (
        "an alert that does not exist",
        {"observability": {"alerts": {"off": ["NoSuchAlert"]}}},
        "observability.alerts.",
    ),
    (
        "a smoke test in the namespace of a tenant that is not there",
        {"services": {"smoke": {"tenants": ["tenant-a", "tenant-x"]}}},
        "services.smoke.tenants[1]: tenant-x is no tenant of the stack; it has: tenant-a; name one of these, or "
        "leave services.smoke.tenants out for the first two by name",
    ),
    (
        "a smoke test of one tenant against itself",
        {"services": {"smoke": {"tenants": ["tenant-a", "tenant-a"]}}},
        "services.smoke.tenants: names tenant-a 2 times; name another tenant for it to be kept from",
    ),
    (
        "a smoke test of one tenant",
        {"services": {"smoke": {"tenants": ["tenant-a"]}}},
        "services.smoke.tenants: has 1 of at least 2 entries; The two tenants that stand for all.",
    ),
    (
        "backups by AWS Backup of a cluster that AWS runs",
        {
            "compute": {"mode": "auto"},
            "gpu_pools": {},
            "tenants": {},
            "services": {"backup": {"mode": "aws_backup"}},
        },
        "services.backup.mode: ",
    ),
]


@pytest.mark.parametrize(("said", "fault"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_it_is_refused_by_name(platform: dict[str, Any], said: dict[str, Any], fault: str) -> None:
    for section, value in said.items():
        platform[section] = {**platform.get(section, {}), **value} if value else value
    with pytest.raises(ConfigError) as refusal:
        parse(platform, "x")
    assert [one for one in refusal.value.faults if one.startswith(fault)], refusal.value.faults
