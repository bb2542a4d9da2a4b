"""Everything that becomes an agent: those that are written, and those that workflows are compiled to."""

from __future__ import annotations

from collections.abc import Mapping

from components.agents.spec import AgentSpec, ByoAgentSpec, DeclarativeAgentSpec, WorkflowSpec
from components.agents.workflows import compiled

Agent = DeclarativeAgentSpec | ByoAgentSpec


def everyone(agents: Mapping[str, AgentSpec], workflows: Mapping[str, WorkflowSpec]) -> dict[str, Agent]:
    """Agents by name, by name sorted; a workflow is an agent like any other."""
    found: dict[str, Agent] = {**agents, **{name: compiled(one) for name, one in workflows.items()}}
    return dict(sorted(found.items()))


def tenants(agents: Mapping[str, Agent]) -> tuple[str, ...]:
    """The tenants that have agents: each has a controller of its own."""
    return tuple(sorted({agent.tenant for agent in agents.values() if agent.tenant}))


def of(agents: Mapping[str, Agent], tenant: str | None) -> dict[str, Agent]:
    """The agents of one tenant, or the platform's."""
    return {name: agent for name, agent in agents.items() if agent.tenant == tenant}


def calls(agent: Agent) -> list[str]:
    """The agents that it may ask."""
    return list(agent.agents) if isinstance(agent, DeclarativeAgentSpec) else []


def tools(agent: Agent) -> list[str]:
    """The tools that it may use."""
    return list(agent.tools) if isinstance(agent, DeclarativeAgentSpec) else []


def in_order(agents: Mapping[str, Agent]) -> list[str]:
    """Every agent after those it asks: kagent accepts none that refers to one it does not know."""
    done: list[str] = []
    seen: set[str] = set()

    def place(name: str) -> None:
        if name in seen or name not in agents:
            return
        seen.add(name)
        for called in calls(agents[name]):
            place(called)
        done.append(name)

    for name in agents:
        place(name)
    return done
