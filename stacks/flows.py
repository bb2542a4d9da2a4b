"""The flows of one stack: those of the table that are in force, and those that its own config names."""

from __future__ import annotations

from collections.abc import Collection

from components.agents.catalogue import everyone, tools
from components.argocd.flows import repository_flows
from components.egress_proxy.doors import Door, doors, through
from components.isolation.ends import Flow
from components.isolation.flows import in_force
from components.relay.flows import provider_flows
from components.tools.flows import tool_calls, tool_flows
from stacks.config import PlatformConfig


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
        *through(tool_flows(config.tools)),
        *tool_calls(uses, config.tools),
    )


def doors_of(config: PlatformConfig) -> tuple[Door, ...]:
    """What the egress proxy has to open for the stack's tools."""
    return doors(tool_flows(config.tools))
