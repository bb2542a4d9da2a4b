"""Tools as objects: a server that is told one tool, and the reference by which agents know it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from components.charts import images
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.core.quantities import parse
from components.tools.names import (
    KEY_SECRET,
    RUNTIME_CLASS,
    VECTORS_SECRET,
    labels,
    object_name,
    server_labels,
    token_secret,
)
from components.tools.spec import (
    AUTHORIZATION,
    PORT,
    ApiToolSpec,
    CodeToolSpec,
    RetrievalToolSpec,
    ToolSpec,
    parameters,
)

PROGRAM = Path(__file__).parent / "programs" / "tool_server.py"
CHECKSUM = "agentic.dev/tool"
FILES, SECRETS = "/tool", "/var/secrets"
CONFIG_FILE, PROGRAM_FILE = "tool.json", PROGRAM.name
UID = 65532

Spec = dict[str, Any]
Adapted = ApiToolSpec | RetrievalToolSpec | CodeToolSpec
"""Tools whose server is ours."""


@dataclass(frozen=True, kw_only=True)
class ToolWiring:
    """What the stack has that tools are connected to."""

    gateway_url: str
    """Of the gateway, as OpenAI's clients want it: with `/v1`."""
    key: str
    """The key in the Secret with the gateway's key."""
    milvus_url: str
    own_milvus: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tenant -> the Milvus that is its own; the others search in the one at `milvus_url`."""
    embeddings: Mapping[str, Mapping[str, str | int]] = field(
        default_factory=dict[str, Mapping[str, str | int]]
    )
    """Retrieval tool -> what its collection's vectors are asked for with."""
    proxies: Mapping[str, str]
    """Tool -> the address of its own door in the egress proxy; only tools that leave the cluster have one."""
    remotes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tool -> where agents reach its MCP server, where that one is outside the cluster."""


def adapted(tool: ToolSpec) -> Adapted | None:
    """The tool, where its server is ours."""
    if isinstance(tool, RetrievalToolSpec | CodeToolSpec):
        return tool
    return tool if isinstance(tool, ApiToolSpec) and tool.endpoint is not None else None


@cache
def program() -> str:
    """What runs in the server's pods."""
    return PROGRAM.read_text(encoding="utf-8")


def config(name: str, tool: Adapted, wiring: ToolWiring) -> Spec:
    """What a server is told: its one function, and where that leads."""
    common = {
        "name": name,
        "description": tool.description,
        "parameters": dict(parameters(tool)),
        "timeout": tool.timeout_seconds,
    }
    match tool:
        case ApiToolSpec():
            assert tool.target is not None
            token = {"token_file": f"{SECRETS}/token/{tool.auth.key}"} if tool.auth else {}
            return {
                **common,
                "kind": "api",
                "url": tool.target.url,
                "method": tool.method,
                "headers": tool.headers,
                **token,
            }
        case RetrievalToolSpec():
            return {
                **common,
                "kind": "retrieval",
                "gateway": wiring.gateway_url,
                "key_file": f"{SECRETS}/gateway/{wiring.key}",
                "embedding": dict(wiring.embeddings[name]),
                "milvus": wiring.own_milvus.get(tool.tenant or "", wiring.milvus_url),
                "username_file": f"{SECRETS}/milvus/username",
                "password_file": f"{SECRETS}/milvus/password",
                "database": tool.database_name,
                "collection": tool.collection,
                "top_k": tool.top_k,
                "vector_field": tool.vector_field,
                "text_field": tool.text_field,
                "source_field": tool.source_field,
                "filter": f'tenant_id == "{tool.rows_of}"' if tool.rows_of else None,
            }
        case CodeToolSpec():
            # The program's own share: the server beside it needs some as well.
            memory = int(parse(tool.resources.memory_limit) * 3 / 4)
            return {**common, "kind": "code", "language": tool.language, "memory_bytes": memory}


def files(name: str, tool: Adapted, wiring: ToolWiring) -> dict[str, str]:
    """The ConfigMap of a server."""
    told = json.dumps(config(name, tool, wiring), indent=1, sort_keys=True, ensure_ascii=False)
    return {CONFIG_FILE: told, PROGRAM_FILE: program()}


def deployment(name: str, tool: Adapted, wiring: ToolWiring) -> Spec:
    """The spec of the Deployment, whose pods pass `restricted`, have no token, and restart with their config."""
    told = files(name, tool, wiring)
    mounts, volumes = _secrets(name, tool)
    proxy = wiring.proxies.get(name)
    return {
        "replicas": tool.replicas,
        "selector": {"matchLabels": server_labels(name)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {"labels": _pod_labels(name, tool), "annotations": {CHECKSUM: _digest(told)}},
            "spec": {
                "serviceAccountName": object_name(name),
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                # Brings the nodes with it: a RuntimeClass says where its pods run.
                **({"runtimeClassName": RUNTIME_CLASS} if isinstance(tool, CodeToolSpec) else {}),
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(server_labels(name)),
                "containers": [
                    {
                        "name": "tool",
                        "image": images.PYTHON.reference,
                        "command": ["python", "-B", f"{FILES}/{PROGRAM_FILE}"],
                        "env": [
                            {"name": "TOOL_CONFIG", "value": f"{FILES}/{CONFIG_FILE}"},
                            *([{"name": "HTTPS_PROXY", "value": proxy}] if proxy else []),
                        ],
                        "ports": [{"name": "http", "containerPort": PORT}],
                        "readinessProbe": _probe(5),
                        "livenessProbe": _probe(20),
                        "resources": tool.resources.values(),
                        "securityContext": container_context(),
                        "volumeMounts": [
                            {"name": "tool", "mountPath": FILES, "readOnly": True},
                            {"name": "scratch", "mountPath": "/tmp"},  # noqa: S108 - in memory, of the pod
                            *mounts,
                        ],
                    }
                ],
                "volumes": [
                    {"name": "tool", "configMap": {"name": object_name(name)}},
                    {"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "32Mi"}},
                    *volumes,
                ],
            },
        },
    }


def _pod_labels(name: str, tool: Adapted) -> dict[str, str]:
    # The ambient mesh takes traffic by rules in the pod's network namespace, which gVisor's own stack passes by.
    apart = {"istio.io/dataplane-mode": "none"} if isinstance(tool, CodeToolSpec) else {}
    return {**labels(name), **apart}


def _secrets(name: str, tool: Adapted) -> tuple[list[Spec], list[Spec]]:
    wanted: dict[str, str] = {}
    if isinstance(tool, ApiToolSpec) and tool.auth:
        wanted["token"] = token_secret(name)
    if isinstance(tool, RetrievalToolSpec):
        wanted |= {"gateway": gateway_secret(tool.tenant), "milvus": VECTORS_SECRET}
    mounts = [{"name": what, "mountPath": f"{SECRETS}/{what}", "readOnly": True} for what in wanted]
    volumes = [
        {"name": what, "secret": {"secretName": secret, "defaultMode": 0o440}}
        for what, secret in wanted.items()
    ]
    return mounts, volumes


def gateway_secret(tenant: str | None) -> str:
    """The Secret with the gateway's key where a tool runs; a tenant's own is in its namespace anyway."""
    return f"gateway-key-{tenant}" if tenant else KEY_SECRET


def _digest(told: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(told), sort_keys=True).encode()).hexdigest()[:16]


def _probe(period: int) -> Spec:
    return {
        "httpGet": {"path": "/healthz", "port": "http"},
        "periodSeconds": period,
        "timeoutSeconds": 3,
        "failureThreshold": 3,
    }


def remote_server(name: str, tool: ToolSpec, remotes: Mapping[str, str]) -> Spec:
    """The spec of the RemoteMCPServer, in the namespace of the agents that use the tool.

    `remotes` has the addresses by which servers outside the cluster are reached.
    """
    spec: Spec = {
        "description": tool.description,
        "protocol": "STREAMABLE_HTTP",
        "url": remotes.get(name) or address(name, tool),
        # A little more than the call itself, whose own error says more than a timeout.
        "timeout": f"{tool.timeout_seconds + 5}s",
        # The server has no sessions to end.
        "terminateOnClose": False,
    }
    if isinstance(tool, ApiToolSpec) and tool.mcp_url is not None:
        spec["timeout"] = f"{tool.timeout_seconds}s"
        spec["terminateOnClose"] = True
        spec["headersFrom"] = [
            *({"name": header, "value": value} for header, value in tool.headers.items()),
            *(
                [
                    {
                        "name": "Authorization",
                        "valueFrom": {
                            "type": "Secret",
                            "name": token_secret(name),
                            "key": AUTHORIZATION,
                        },
                    }
                ]
                if tool.auth
                else []
            ),
        ]
        if not spec["headersFrom"]:
            del spec["headersFrom"]
    return spec


def address(name: str, tool: ToolSpec) -> str:
    """Where agents reach the tool's server."""
    if isinstance(tool, ApiToolSpec):
        if tool.mcp_url is not None:
            assert tool.target is not None
            return tool.target.url
        if tool.server is not None:
            return f"http://{object_name(name)}.{tool.namespace}.svc:{PORT}{tool.server.path}"
    return f"http://{object_name(name)}.{tool.namespace}.svc:{PORT}/mcp"


def mcp_server(name: str, tool: ApiToolSpec, wiring: ToolWiring) -> Spec:
    """The spec of the MCPServer that kmcp makes Deployment and Service of."""
    assert tool.server is not None
    proxy = wiring.proxies.get(name)
    environment = {**tool.server.env, **({"HTTPS_PROXY": proxy} if proxy else {})}
    return {
        "transportType": "http",
        "httpTransport": {"targetPort": PORT, "path": tool.server.path},
        "timeout": f"{tool.timeout_seconds}s",
        "deployment": {
            "image": tool.server.image,
            "imagePullPolicy": "IfNotPresent",
            "port": PORT,
            "replicas": tool.replicas,
            "labels": labels(name),
            **({"env": environment} if environment else {}),
            "serviceAccountName": object_name(name),
            "resources": tool.resources.values(),
            "podSecurityContext": pod_context(tool.server.uid),
            # kmcp sets none; without it the pod is refused.
            "securityContext": container_context(),
        },
    }
