"""What is in the cluster for each tool: made here, and by kmcp."""

from __future__ import annotations

from collections.abc import Mapping

from components.core.objects import ObjectName, objects
from components.kagent.spec import NAMESPACE as AGENTS_NAMESPACE
from components.tools.names import object_name, token_secret
from components.tools.spec import NAMESPACE, ApiToolSpec, HumanToolSpec, ToolSpec


def tool_objects(tools: Mapping[str, ToolSpec]) -> list[ObjectName]:
    """Everything of each tool; a person is asked by the agent, and has nothing."""
    return [
        one
        for name, tool in tools.items()
        if not isinstance(tool, HumanToolSpec)
        for one in _of(f"tools.{name}", name, tool)
    ]


def _of(path: str, name: str, tool: ToolSpec) -> list[ObjectName]:
    callers = tool.tenant or AGENTS_NAMESPACE
    made = objects(callers, name, path, "RemoteMCPServer")
    api = tool if isinstance(tool, ApiToolSpec) else None
    if api is None or api.mcp_url is None:
        # Of a server that kmcp runs, these are kmcp's own doing, but for account and budget.
        kinds = ("ConfigMap", "Deployment", "PodDisruptionBudget", "Service", "ServiceAccount")
        own = ("MCPServer",) if api is not None and api.server is not None else ()
        made += objects(tool.namespace, object_name(name), path, *kinds, *own)
    if api is not None and api.auth is not None:
        made += objects(token_namespace(api), token_secret(name), path, "Secret")
    return made


def token_namespace(tool: ApiToolSpec) -> str:
    """Where the Secret with a tool's token is: our server reads it itself, another one is told it by who calls."""
    return tool.tenant or (NAMESPACE if tool.endpoint else AGENTS_NAMESPACE)
