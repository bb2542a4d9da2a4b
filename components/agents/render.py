"""Agents as kagent has them: a model, words and tools, and pods that pass `restricted`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.agents.names import (
    CACHE_MOUNT,
    CACHE_SECRET,
    FRAMEWORK_LABEL,
    VECTORS_SECRETS,
    account,
    embedding_config,
    pod_labels,
    selector,
)
from components.agents.spec import (
    QUEUE_PREFIX,
    AgentModelSpec,
    ByoAgentSpec,
    DeclarativeAgentSpec,
    MemorySpec,
)
from components.cache.spec import TENANT_READS, tenant_user
from components.kagent.spec import controller_url
from components.tools.spec import ToolSpec, asks, asks_a_person

Spec = dict[str, Any]
Agent = DeclarativeAgentSpec | ByoAgentSpec

AGENT_UID = 1001
"""The user of kagent's image has a name only, and `runAsNonRoot` needs a number (v0.9.12, python/Dockerfile)."""


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """What the stack has that an agent is connected to."""

    base_url: str
    """Of the gateway, as OpenAI's clients want it: with `/v1`."""
    key_secrets: Mapping[str, str]
    """Namespace -> the Secret with the gateway's key there."""
    key: str
    """The key in that Secret."""
    cache: bool
    """Whether the platform's agents have a cache."""
    tenant_caches: bool = False
    """Whether tenants have: one that somebody else runs has a single URL, which is no tenant's to know."""
    cache_authority: bool = False
    """Whether its certificate is of an authority that only the Secret knows."""
    tools: Mapping[str, ToolSpec] = field(default_factory=dict[str, ToolSpec])


def model_config(model: AgentModelSpec, wiring: Wiring, namespace: str) -> Spec:
    """The spec of the ModelConfig an agent thinks with."""
    return {
        **_model(model.name, wiring, namespace),
        "openAI": {
            "baseUrl": wiring.base_url,
            # Text, since the definition has no floating numbers.
            "temperature": model.temperature_text,
            "maxTokens": model.max_tokens,
            "timeout": model.timeout_seconds,
        },
    }


def embedding_model_config(model: str, wiring: Wiring, namespace: str) -> Spec:
    """The spec of the ModelConfig that vectors of memory are made with."""
    return {**_model(model, wiring, namespace), "openAI": {"baseUrl": wiring.base_url}}


def _model(name: str, wiring: Wiring, namespace: str) -> Spec:
    return {
        "provider": "OpenAI",
        "model": name,
        "apiKeySecret": wiring.key_secrets[namespace],
        "apiKeySecretKey": wiring.key,
    }


def agent(name: str, spec: Agent, wiring: Wiring) -> Spec:
    """The spec of the Agent."""
    match spec:
        case DeclarativeAgentSpec():
            return {
                "description": spec.description,
                "type": "Declarative",
                "declarative": _declarative(name, spec, wiring),
            }
        case ByoAgentSpec():
            return {
                "description": spec.description,
                "type": "BYO",
                "byo": {"deployment": _byo(name, spec, wiring)},
            }


def _declarative(name: str, spec: DeclarativeAgentSpec, wiring: Wiring) -> Spec:
    memory = spec.memory.long_term
    return {
        # Written: the default is Python in this version and Go in the next.
        "runtime": "python",
        "modelConfig": name,
        "systemMessage": system_message(spec, wiring.tools),
        "stream": spec.stream,
        "tools": [*mcp_tools(spec.tools, wiring.tools), *_agent_tools(spec.agents)],
        "context": context(spec.memory),
        **({"memory": {"modelConfig": embedding_config(name), "ttlDays": memory.ttl_days}} if memory else {}),
        "deployment": {
            **_deployment(name, spec),
            "env": [{"name": "OTEL_SERVICE_NAME", "value": name}],
        },
    }


def system_message(spec: DeclarativeAgentSpec, tools: Mapping[str, ToolSpec]) -> str:
    """The prompt, letter by letter, and after it when a person has to be asked: kagent's agents can always ask."""
    asked = [tools[name].description for name in spec.tools if name in tools and asks_a_person(tools[name])]
    if not asked:
        return spec.system_prompt
    lines = "\n".join(f"- {description}" for description in asked)
    return f"{spec.system_prompt.rstrip()}\n\nAsk the user with the tool ask_user, and wait for the answer:\n{lines}"


def mcp_tools(names: Sequence[str], catalogue: Mapping[str, ToolSpec]) -> list[Spec]:
    """Each tool's server, with exactly the functions that this agent may call, and those a person has to allow."""
    made: list[Spec] = []
    for name in names:
        functions = catalogue[name].functions(name)
        if not functions:
            continue
        allowed = set(asks(names, catalogue)) & set(functions)
        made.append(
            {
                "type": "McpServer",
                "mcpServer": {
                    "apiGroup": "kagent.dev",
                    "kind": "RemoteMCPServer",
                    "name": name,
                    "toolNames": list(functions),
                    **({"requireApproval": [one for one in functions if one in allowed]} if allowed else {}),
                },
            }
        )
    return made


def _agent_tools(names: Sequence[str]) -> list[Spec]:
    return [
        {"type": "Agent", "agent": {"apiGroup": "kagent.dev", "kind": "Agent", "name": name}}
        for name in names
    ]


def context(memory: MemorySpec) -> Spec:
    """How much of a conversation the model still sees; the rest becomes a summary, and stays in the database.

    Without `summarizer` the agent's own model writes it (google-adk 1.31.1, apps/compaction.py), whatever the kind's
    text says of dropping.
    """
    return {
        "compaction": {
            "compactionInterval": memory.turns,
            "overlapSize": min(2, memory.turns - 1),
            # Only together: ADK takes one without the other for a mistake.
            "tokenThreshold": memory.compact_at_tokens,
            "eventRetentionSize": memory.max_history,
        }
    }


def _byo(name: str, spec: ByoAgentSpec, wiring: Wiring) -> Spec:
    shared = _deployment(name, spec)
    cache = _cache(name, spec, wiring)
    command = {"cmd": spec.command[0], "args": spec.command[1:]} if spec.command else {}
    if command and not command["args"]:
        del command["args"]
    return {
        **shared,
        "labels": {**shared["labels"], FRAMEWORK_LABEL: spec.framework},
        "image": spec.image,
        **command,
        "env": [
            *_contract(name, spec, wiring),
            *(_cache_env(cache, wiring) if cache else []),
            *_vectors_env(spec),
            *_plain(spec.env),
        ],
        **(_cache_files(cache.secret) if cache and wiring.cache_authority else {}),
    }


def _contract(name: str, spec: ByoAgentSpec, wiring: Wiring) -> list[Spec]:
    """What every image is told; OTEL_* and KAGENT_* come from the controller."""
    return [
        *_plain(
            {
                "OPENAI_BASE_URL": wiring.base_url,
                "OPENAI_MODEL": spec.model.name,
                "OPENAI_TEMPERATURE": spec.model.temperature_text,
                "OPENAI_MAX_TOKENS": str(spec.model.max_tokens),
                "SESSION_TTL_SECONDS": str(spec.memory.ttl_seconds),
                "SESSION_MAX_HISTORY": str(spec.memory.max_history),
                "OTEL_SERVICE_NAME": name,
            }
        ),
        _from_secret("OPENAI_API_KEY", wiring.key_secrets[spec.namespace], wiring.key),
    ]


@dataclass(frozen=True)
class _Cache:
    secret: str
    prefix: str
    """Of every key; the server refuses the user of this Secret any other."""


def _cache(name: str, spec: ByoAgentSpec, wiring: Wiring) -> _Cache | None:
    mine = f"{QUEUE_PREFIX}{name}:"
    if spec.tenant is None:
        return _Cache(CACHE_SECRET, mine) if wiring.cache else None
    return _Cache(TENANT_READS, f"{tenant_user(spec.tenant).prefix}{mine}") if wiring.tenant_caches else None


def _cache_env(cache: _Cache, wiring: Wiring) -> list[Spec]:
    authority = {"REDIS_CA_FILE": f"{CACHE_MOUNT}/ca.crt"} if wiring.cache_authority else {}
    return [
        _from_secret("REDIS_URL", cache.secret, "url"),
        *_plain({"REDIS_PREFIX": cache.prefix, **authority}),
    ]


def _vectors_env(spec: ByoAgentSpec) -> list[Spec]:
    """As the user who may do what the agent asks for, and no more: the right is in the Secret that is named."""
    if spec.stores.vectors is None:
        return []
    secret = VECTORS_SECRETS[spec.stores.vectors]
    return [
        _from_secret(variable, secret, key)
        for variable, key in (
            ("MILVUS_URI", "uri"),
            ("MILVUS_DATABASE", "database"),
            ("MILVUS_TOKEN", "token"),
        )
    ]


def _cache_files(secret: str) -> Spec:
    items = [{"key": "ca.crt", "path": "ca.crt"}]
    return {
        "volumes": [{"name": "cache", "secret": {"secretName": secret, "items": items}}],
        "volumeMounts": [{"name": "cache", "mountPath": CACHE_MOUNT, "readOnly": True}],
    }


def _deployment(name: str, spec: Agent) -> Spec:
    """What kagent passes on into the pods. No `replicas`: unset, it leaves the number to the autoscaler."""
    return {
        "labels": pod_labels(name),
        "resources": spec.resources.values(),
        "serviceAccountName": account(name),
        "affinity": apart(name),
        "imagePullPolicy": "IfNotPresent",
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": AGENT_UID,
            "runAsGroup": AGENT_UID,
            "fsGroup": AGENT_UID,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        # Also keeps kagent from making the container privileged, which it does for code and skills otherwise.
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }


def apart(name: str) -> Spec:
    """Over zones and nodes where possible; kagent's deployments have no topologySpreadConstraints."""
    terms = [
        {
            "weight": weight,
            "podAffinityTerm": {"topologyKey": key, "labelSelector": {"matchLabels": selector(name)}},
        }
        for weight, key in ((100, "kubernetes.io/hostname"), (50, "topology.kubernetes.io/zone"))
    ]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": terms}}


def _plain(values: Mapping[str, str]) -> list[Spec]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _from_secret(name: str, secret: str, key: str) -> Spec:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def address(name: str, spec: Agent) -> str:
    """Where an agent is asked over A2A: at the controller that keeps its sessions."""
    return f"{controller_url(spec.tenant)}/api/a2a/{spec.namespace}/{name}/"
