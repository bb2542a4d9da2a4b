"""Whom tools reach: the declared endpoints, each by its own tool, and nobody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from components.egress_proxy.spec import Remote
from components.isolation.ends import Flow, Host, LocalEnd, Pods, TenantPods
from components.isolation.flows.gateway import PROXIES
from components.isolation.flows.milvus import MILVUS
from components.isolation.flows.places import AGENTS, KAGENT
from components.tools.names import object_name, server_labels
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


def remotes(tools: Mapping[str, ToolSpec], users: Mapping[str, Collection[Pods]]) -> tuple[Remote, ...]:
    """The MCP servers outside the cluster, each with the pods that may reach it.

    `users` has the agents of a tool. The controller reaches every server: it asks what they offer.
    """
    return tuple(
        Remote(
            name=object_name(name),
            host=tool.target.host,
            path=tool.target.path,
            clients=(KAGENT, *users.get(name, ())),
        )
        for name, tool in sorted(tools.items())
        if isinstance(tool, ApiToolSpec) and tool.mcp_url and tool.target and tool.target.outside
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
    if target.outside and tool.mcp_url:
        # Agents go there themselves, by a reverse door of the egress proxy.
        return ()
    if target.outside:
        return (Flow(mine, Host(target.host), (443,), f"{name}: calls {target.host}", PART),)
    assert target.namespace is not None
    pods = Pods(target.namespace, tool.target_labels)
    port = tool.pod_port or target.port
    # An MCP server that is there already is asked by agents themselves.
    return (Flow(AGENTS if tool.mcp_url else mine, pods, (port,), f"{name}: calls {target.service}", PART),)
