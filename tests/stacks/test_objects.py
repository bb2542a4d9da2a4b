"""Names in the config that would make one object of the cluster twice, and that the list of objects is whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from stacks import stack_file
from stacks.config import load, parse
from stacks.errors import ConfigError
from stacks.objects import named_objects
from tests.conftest import ROOT

HOMES = (
    "agentic:agents:Agents$",
    "agentic:models:Models$",
    "agentic:tenants:OneTenantsSecrets$",
    "agentic:tools:Tools$",
)
"""The components whose objects are named after entries of the config."""

FIXED = {
    *(f"{kind}/agent-sessions" for kind in ("ConfigMap", "CronJob", "ServiceAccount")),
    *(f"{kind}/queue-workers" for kind in ("ConfigMap", "Service", "ServiceAccount", "ServiceMonitor")),
    *("EC2NodeClass/code", "NodePool/code", "RuntimeClass/gvisor"),
    *("PrometheusRule/agentic-agent-sessions", "SecretStore/tenant", "ServiceMonitor/models-vllm"),
    *("Secret/milvus-reader", "Secret/tools-gateway-key"),
}
"""What these have beside them, whatever the config says."""


def agent(**said: Any) -> dict[str, Any]:
    return {
        "type": "declarative",
        "description": "Answers what colleagues ask.",
        "model": {"name": "gpt-4"},
        "system_prompt": "You answer.",
        "scaling": {"min_replicas": 2, "max_replicas": 3},
        **said,
    }


def workflow(**said: Any) -> dict[str, Any]:
    return {
        "description": "Leads through the steps.",
        "model": {"name": "gpt-4"},
        "steps": {"one": {"agent": "x"}},
        **said,
    }


def tool(**said: Any) -> dict[str, Any]:
    return {
        "type": "api",
        "description": "Searches the web and gives titles.",
        "endpoint": "http://search-service/api/search",
        "parameters": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]},
        **said,
    }


def vllm(**said: Any) -> dict[str, Any]:
    return {
        "engine": "vllm",
        "pool": "l40s",
        "architecture": "Qwen/Qwen3-8B",
        "weights": {"source": "s3", "prefix": "models/qwen3-8b/1"},
        "max_model_len": 8192,
        **said,
    }


def image(**said: Any) -> dict[str, Any]:
    return {
        "engine": "byo",
        "kind": "langgraph",
        "image": f"registry.example.com/x@sha256:{'0' * 64}",
        "resources": {"cpu": "1", "memory": "1Gi", "cpu_limit": "1", "memory_limit": "1Gi"},
        **said,
    }


REMEMBERS = {"long_term": {"embedding_model": "text-embedding-3-small"}}
SECRETS = ("b-c", "c", "tool-t-token", "keys")


def platform(**said: Any) -> dict[str, Any]:
    """The dev stack with other agents, models and tools, and some secrets more."""
    raw = json.loads(json.dumps(stack_file.read(ROOT, "dev").platform))
    supplied = {name: dict(raw["secrets"]["openai"]) for name in SECRETS}
    raw["tenants"]["tenant-a"]["secrets"] = ["openai", *SECRETS]
    empty = {"agents": {}, "workflows": {}, "tools": {}, "models": {}}
    return {**raw, **empty, "secrets": {**raw["secrets"], **supplied}, **said}


CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "an agent called like the memory of another",
        {"agents": {"x": agent(memory=REMEMBERS), "x-memory": agent()}},
        "agents.x-memory: ModelConfig x-memory in ai-agents would be that of agents.x too; rename one of the two",
    ),
    (
        "the same among a tenant's agents",
        {"agents": {"x": agent(memory=REMEMBERS, tenant="tenant-a"), "x-memory": agent(tenant="tenant-a")}},
        "agents.x-memory: ModelConfig x-memory in tenant-a would be that of agents.x too; rename one of the two",
    ),
    (
        "a workflow called like the memory of an agent",
        {"agents": {"x": agent(memory=REMEMBERS)}, "workflows": {"x-memory": workflow()}},
        "workflows.x-memory: ModelConfig x-memory in ai-agents would be that of agents.x too; "
        "rename one of the two",
    ),
    (
        "an agent called like a secret of its tenant",
        {"agents": {"keys": agent(tenant="tenant-a")}},
        "agents.keys: Secret keys in tenant-a would be that of tenants.tenant-a.secrets too; "
        "rename one of the two",
    ),
    (
        "a secret of a tenant called like the token of its tool",
        {"tools": {"t": tool(tenant="tenant-a", auth={"secret": "c"})}},
        "tools.t: Secret tool-t-token in tenant-a would be that of tenants.tenant-a.secrets too; "
        "rename one of the two",
    ),
    (
        "two servers with secrets whose names end alike",
        {"models": {"a": image(secrets=["b-c"]), "a-b": image(secrets=["c"])}},
        "models.a-b.secrets[0]: Secret a-b-c in ai-inference would be that of models.a.secrets[0] too; "
        "rename one of the two",
    ),
    (
        "a secret that a server names twice",
        {"models": {"a": image(secrets=["c", "c"])}},
        "models.a.secrets[1]: Secret a-c in ai-inference would be that of models.a.secrets[0] too; "
        "rename one of the two",
    ),
    (
        "a server called like the account that every namespace has",
        {"models": {"default": image()}},
        "models.default: ServiceAccount default in ai-inference would be that of the platform too; "
        "choose another name",
    ),
    (
        "a server of one's own called like one of vLLM's",
        {"models": {"vllm-a": image(), "a": vllm()}},
        "models.a: Deployment, PodDisruptionBudget, Service, ServiceAccount vllm-a in ai-inference would be "
        "that of models.vllm-a too; rename one of the two",
    ),
    (
        "a server called like the picker of another",
        {
            "gateway": {"host": "ai.example.com", "inference_pools": True},
            "models": {"a": vllm(replicas=2), "vllm-a-picker": image()},
        },
        "models.vllm-a-picker: Deployment, Service, ServiceAccount vllm-a-picker in ai-inference would be "
        "that of models.a too; rename one of the two",
    ),
    (
        "a picker whose name is too long for a Service",
        {
            "gateway": {"host": "ai.example.com", "inference_pools": True},
            "models": {"m" * 40: vllm(replicas=2, runtime="dedicated", agents={"an-agent-with-a-name": {}})},
        },
        f"models.{'m' * 40}: its Service vllm-{'m' * 40}-an-agen",
    ),
]


@pytest.mark.parametrize(("said", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_two_entries_never_make_one_object(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse(platform(**said), "Pulumi.dev.yaml")
    assert any(fault.startswith(words) for fault in refusal.value.faults), refusal.value.faults


HOSTILE = platform(
    agents={
        "x": agent(memory=REMEMBERS),
        "x-scaling": agent(memory=REMEMBERS),
        "queues": agent(
            scaling={"min_replicas": 2, "max_replicas": 3, "queue": {"name": "first", "length": 10}}
        ),
        "keda-hpa-queues": agent(),
        "queues-x": agent(),
        "default": agent(),
        "recorded": agent(),
        "a" * 50: agent(scaling={"max_replicas": 3, "queue": {"name": "second", "length": 10}}),
        "own": agent(tenant="tenant-a", memory=REMEMBERS),
        "agents-x": agent(tenant="tenant-a"),
    },
    workflows={"memory": workflow()},
    tools={
        "s": tool(auth={"secret": "c", "key": "first"}),
        "s-server": tool(auth={"secret": "c", "key": "second"}),
        "s-token": tool(),
        "server": {
            "type": "api",
            "description": "Reads and writes issues.",
            "server": {"image": "registry.example.com/issues-mcp:2.1.0"},
            "offers": ["list_issues"],
        },
        "there": {
            "type": "api",
            "description": "Somebody's MCP server.",
            "mcp_url": "http://weather.ai-inference.svc:9000/mcp",
            "offers": ["forecast"],
            "auth": {"secret": "c"},
        },
        "run": {"type": "code", "description": "Runs a short program.", "language": "python"},
        "person": {"type": "human", "description": "Ask before anything is done."},
        "tenants-own": tool(tenant="tenant-a", auth={"secret": "c"}),
    },
    models={
        "x": vllm(scaling={"min": 1, "max": 2}),
        "x-scaler": vllm(),
        "own": image(secrets=["b-c"]),
        "own-b": image(secrets=["keys"]),
        "loader": image(),
    },
)
"""Names that read like each other's, and make no object twice."""


@pytest.fixture(scope="module")
def hostile(capture: Capture) -> Plan:
    # Here and not above, because the SDK warns on import before pytest's filters hold.
    from stacks.outputs import export
    from stacks.platform import Platform

    told = {"agentic-platform:platform": json.dumps(HOSTILE)}
    return capture(lambda: export(Platform(load())), config=told)


def key(resource: Resource) -> tuple[str, str, str] | None:
    """Kind, namespace and name in the cluster; an ExternalSecret counts as the Secret it makes."""
    metadata = resource.inputs.get("metadata")
    if not isinstance(metadata, dict) or not resource.type.startswith("kubernetes:"):
        return None
    kind = resource.type.rpartition(":")[2]
    return (
        "Secret" if kind == "ExternalSecret" else kind,
        str(metadata.get("namespace", "")),
        str(metadata["name"]),
    )


def of_entries(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for resource in plan:
        found = key(resource)
        if found and any(home in resource.urn for home in HOMES) and f"{found[0]}/{found[2]}" not in FIXED:
            yield found


def test_names_that_read_alike_make_no_object_twice(hostile: Plan) -> None:
    counted = Counter(found for resource in hostile if (found := key(resource)))
    assert [found for found, count in counted.items() if count > 1] == []


def test_the_list_names_every_object_that_is_named_after_an_entry(hostile: Plan) -> None:
    listed = {(one.kind, one.namespace, one.name) for one in named_objects(parse(HOSTILE, "hostile"))}
    planned = set(of_entries(hostile))
    assert planned - listed == set()
    assert len(planned) > 100


def test_the_list_names_every_object_of_the_stack_itself(stack_plan: Any) -> None:
    listed = {
        (one.kind, one.namespace, one.name)
        for one in named_objects(parse(stack_file.read(ROOT, "dev").platform, "dev"))
    }
    assert set(of_entries(stack_plan("dev"))) - listed == set()


def test_every_autoscaler_has_a_name_of_its_own_that_keda_takes(hostile: Plan) -> None:
    """KEDA refuses an HPA's name of more than 63 characters, and its own begins with `keda-hpa-`."""
    made = [
        (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"])
        for one in hostile.all("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")
    ]
    for one in hostile.all("kubernetes:keda.sh/v1alpha1:ScaledObject"):
        metadata = one.inputs["metadata"]
        told = one.inputs["spec"].get("advanced", {}).get("horizontalPodAutoscalerConfig", {})
        made.append((metadata["namespace"], told.get("name") or f"keda-hpa-{metadata['name']}"))
    assert [name for name, count in Counter(made).items() if count > 1] == []
    assert [name for _, name in made if len(name) > 63] == []
    assert ("ai-agents", f"queue-worker-{'a' * 50}") in made
