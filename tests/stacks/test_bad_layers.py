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
MODEL = {
    "engine": "vllm",
    "pool": "l4",
    "architecture": "Qwen/Qwen3-8B",
    "weights": {"source": "s3", "prefix": "models/qwen3-8b/1"},
    "max_model_len": 16384,
    "replicas": 1,
}

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
        {"gateway": {"routes": {"gpt-4": {"backends": {"relay": 80}}}}},
        "gateway.routes.gpt-4",
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
        "an agent with a tool that nobody offers",
        {"agents": {"support": {**AGENT, "tools": ["search"]}}},
        "agents.support.tools",
    ),
    (
        "an agent in a tenant's namespace, where no key of the gateway is yet",
        {"agents": {"support": {**AGENT, "tenant": "tenant-a"}}},
        "agents.support.tenant: is set, but no key of the gateway reaches a tenant's namespace yet; leave it out: "
        "the agent then runs in ai-agents with the platform's key",
    ),
    (
        "a tool for a tenant that does not exist",
        {"tools": {"ticket": {**TICKET, "tenant": "tenant-x"}}},
        "tools.ticket.tenant: is 'tenant-x'; the stack has: tenant-a; add the tenant, or drop it",
    ),
    (
        "a collection that Milvus has no room for",
        {"vectors": {"collections": {"everything": {"expected_vectors": 100_000_000_000}}}},
        "vectors.collections.everything",
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
