"""Whom tools reach: the declared endpoints, each by its own tool, and nobody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from components.egress_proxy.spec import Remote
from components.isolation.ends import Flow, Host, LocalEnd, Pods, TenantPods
from components.isolation.flows.gateway import PROXIES
from components.isolation.flows.milvus import MILVUS
from components.isolation.flows.places import KAGENT
from components.kagent.spec import NAMESPACE as AGENTS_NAMESPACE
from components.kagent.spec import agent_labels
from components.tools.names import object_name, server_labels
from components.tools.spec import NAMESPACE, PORT, ApiToolSpec, HumanToolSpec, RetrievalToolSpec, ToolSpec

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


def remotes(tools: Mapping[str, ToolSpec], users: Mapping[str, Collection[LocalEnd]]) -> tuple[Remote, ...]:
    """The MCP servers outside the cluster, each with the pods that may reach it.

    `users` has the agents of a tool. The controller of these agents, the platform's or the tenant's own, reaches it as
    well: it asks what a server offers.
    """
    return tuple(
        Remote(
            name=object_name(name),
            host=tool.target.host,
            path=tool.target.path,
            clients=(
                TenantPods(KAGENT.labels, tenant=tool.tenant) if tool.tenant else KAGENT,
                *users.get(name, ()),
            ),
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
    pods, port = _behind(tool)
    # Whoever calls a server that is there already is an agent; the controller asks what it offers.
    return (Flow(KAGENT if tool.mcp_url else mine, pods, (port,), f"{name}: calls {target.service}", PART),)


def tool_calls(uses: Mapping[str, Collection[str]], tools: Mapping[str, ToolSpec]) -> tuple[Flow, ...]:
    """Which of the platform's agents reaches which tool: the one that names it, and nobody else.

    That a person allows a call is the agent's own runtime's doing, and a tool's server asks nobody. So a server is
    shut to every pod that has no such setting for it: to other agents, to workflows, to images of somebody's own.
    """
    return tuple(
        Flow(Pods(AGENTS_NAMESPACE, agent_labels(agent)), pods, (port,), f"{agent} calls {name}", PART)
        for agent, used in sorted(uses.items())
        for name in sorted(set(used) & set(tools))
        if (found := _server(name, tools[name])) is not None
        for pods, port in (found,)
    )


def _server(name: str, tool: ToolSpec) -> tuple[Pods, int] | None:
    """The pods that answer for a tool of the platform's, and their port; None where a person does."""
    if isinstance(tool, HumanToolSpec):
        return None
    if isinstance(tool, ApiToolSpec) and tool.mcp_url is not None:
        # Outside, it is reached by a reverse door of the egress proxy (`remotes`).
        return None if tool.target and tool.target.outside else _behind(tool)
    return Pods(NAMESPACE, server_labels(name)), PORT


def _behind(tool: ApiToolSpec) -> tuple[Pods, int]:
    """The pods of the Service that a tool names."""
    target = tool.target
    assert target is not None
    assert target.namespace is not None
    return Pods(target.namespace, tool.target_labels), tool.pod_port or target.port
