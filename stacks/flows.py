"""The flows of one stack: those of the table that are in force, and those that its own config names."""

from __future__ import annotations

from collections.abc import Collection

from components.agents.catalogue import everyone, tools
from components.agents.flows import agent_flows
from components.agents.names import selector
from components.argocd.flows import repository_flows
from components.egress_proxy.doors import Door, Remote, ReverseDoor, doors, reverse_doors, through
from components.isolation.ends import Flow, LocalEnd, Pods, TenantPods
from components.isolation.flows import in_force
from components.relay.flows import provider_flows
from components.tools.flows import remotes, tool_calls, tool_flows
from stacks.config import PlatformConfig
from stacks.own_milvus import own_flows
from stacks.parts import tenants_with_agents


def flows_of(config: PlatformConfig, parts: Collection[str], namespaces: Collection[str]) -> tuple[Flow, ...]:
    """Everything that may happen in this stack; whatever is not among it is denied."""
    uses = {
        name: tools(agent)
        for name, agent in everyone(config.agents, config.workflows).items()
        if agent.tenant is None
    }
    return (
        *in_force(parts, namespaces),
        *repository_flows(config.services.argocd),
        *provider_flows(config.relay),
        *agent_flows(tenants_with_agents(config), parts),
        *through(tool_flows(config.tools), remotes_of(config)),
        *tool_calls(uses, config.tools),
        *own_flows(config),
    )


def doors_of(config: PlatformConfig) -> tuple[Door, ...]:
    """The doors of the stack's tools that leave the cluster themselves."""
    return doors(tool_flows(config.tools))


def reverse_doors_of(config: PlatformConfig) -> tuple[ReverseDoor, ...]:
    """The doors by which agents reach MCP servers outside the cluster."""
    return reverse_doors(remotes_of(config))


def remotes_of(config: PlatformConfig) -> tuple[Remote, ...]:
    """MCP servers outside the cluster, each for the agents that name its tool."""
    users: dict[str, list[LocalEnd]] = {}
    for name, agent in everyone(config.agents, config.workflows).items():
        for tool in tools(agent):
            users.setdefault(tool, []).append(
                TenantPods(selector(name), tenant=agent.tenant)
                if agent.tenant
                else Pods(agent.namespace, selector(name))
            )
    return remotes(config.tools, users)
