"""Which agent reaches which tool: the one that names it, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from components.agents.catalogue import Agent, tools
from components.isolation.ends import Flow, Pods
from components.kagent.spec import NAMESPACE, agent_labels
from components.tools.flows import PART, server
from components.tools.spec import ToolSpec


def tool_calls(agents: Mapping[str, Agent], catalogue: Mapping[str, ToolSpec]) -> tuple[Flow, ...]:
    """A flow for each tool of each of the platform's agents.

    That a person allows a call is the agent's own runtime's doing, and a tool's server asks nobody. So a server is
    shut to every pod that has no such setting for it: to other agents, to workflows, to images of somebody's own.
    """
    return tuple(
        Flow(Pods(NAMESPACE, agent_labels(name)), pods, (port,), f"{name} calls {tool}", PART)
        for name, agent in sorted(agents.items())
        if agent.tenant is None
        for tool in sorted(set(tools(agent)) & set(catalogue))
        if (found := server(tool, catalogue[tool])) is not None
        for pods, port in (found,)
    )
