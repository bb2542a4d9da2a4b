"""Whom tools reach: the declared endpoints, each by its own tool, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from components.isolation.ends import Flow, Host, LocalEnd, Pods, TenantPods
from components.isolation.flows.gateway import PROXIES
from components.isolation.flows.milvus import MILVUS
from components.isolation.flows.places import AGENTS
from components.tools.names import server_labels
from components.tools.spec import NAMESPACE, ApiToolSpec, RetrievalToolSpec, ToolSpec

PART = "tools"
GATEWAY_PORT, MILVUS_PORT = 8080, 19530


def tool_flows(tools: Mapping[str, ToolSpec]) -> tuple[Flow, ...]:
    """What the stack's own tools add to the table of flows.

    Of tenants' tools only the hosts: the rest stays within the tenant's namespace and the stores that all of its
    pods may use anyway. Such a flow names the one tenant and the pods of the one tool: no other pod of the tenant
    gets out by it.

    Hosts are ends like others here; the egress proxy is put between by whoever joins this with the table.
    """
    return tuple(
        flow
        for name, tool in sorted(tools.items())
        for flow in _flows(name, tool)
        if tool.tenant is None or isinstance(flow.target, Host)
    )


def _flows(name: str, tool: ToolSpec) -> tuple[Flow, ...]:
    mine: LocalEnd = (
        TenantPods(server_labels(name), tenant=tool.tenant)
        if tool.tenant
        else Pods(NAMESPACE, server_labels(name))
    )
    if isinstance(tool, RetrievalToolSpec):
        return (
            Flow(mine, PROXIES, (GATEWAY_PORT,), f"{name}: questions become vectors", PART),
            Flow(mine, MILVUS, (MILVUS_PORT,), f"{name}: collection {tool.collection}", PART),
        )
    if not isinstance(tool, ApiToolSpec):
        return ()
    if tool.server is not None:
        return tuple(
            Flow(mine, Host(host), (443,), f"{name}: calls {host}", PART) for host in tool.server.hosts
        )
    target = tool.target
    assert target is not None
    if target.outside:
        return (Flow(mine, Host(target.host), (443,), f"{name}: calls {target.host}", PART),)
    assert target.namespace is not None
    pods = Pods(target.namespace, tool.target_labels)
    port = tool.pod_port or target.port
    # An MCP server that is there already is asked by agents themselves.
    return (Flow(AGENTS if tool.mcp_url else mine, pods, (port,), f"{name}: calls {target.service}", PART),)
