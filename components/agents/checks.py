"""What is wrong with agents and workflows, as far as it can be told before one of them runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from components.agents.catalogue import Agent, calls, everyone, of, tenants, tools
from components.agents.names import CACHE_SECRET, QUEUE_WORKERS, SESSIONS, queue_worker
from components.agents.queues import queues
from components.agents.spec import AgentSpec, ByoAgentSpec, ScalingSpec, WorkflowSpec
from components.agents.workflows import circle, shape_faults
from components.core.faults import Fault
from components.kagent.spec import CONTROLLER_SERVICES, DATABASE_SECRET, LONGEST_TENANT, taken_names
from components.tenants.spec import TenantSpec
from components.tools.spec import ToolSpec

DEEPEST = 10
"""Agents that ask agents that ask agents (kagent v0.9.12, translator/agent/compiler.go, MAX_DEPTH)."""

TAKEN = frozenset({"tenant", "sessions", CACHE_SECRET, QUEUE_WORKERS, SESSIONS})
"""kagent gives Deployment, Service and Secret of an agent the agent's own name, and writes over what is there."""
TAKEN_OF_TENANTS = frozenset({"cache", "milvus", "milvus-reader"})
"""What the platform tells every tenant in its own namespace."""
TAKEN_PREFIXES = ("gateway-key", "tool-", queue_worker(""))


@dataclass(frozen=True, kw_only=True)
class Surrounding:
    """What the rest of the stack has for agents."""

    tenants: Mapping[str, TenantSpec]
    tools: Mapping[str, ToolSpec]
    keda: bool
    prometheus: bool
    cache: bool
    database: bool
    vectors: bool
    vector_users: Collection[str]
    """The namespaces that have users of vectors."""
    unread: Mapping[str, Collection[str]] = field(default_factory=dict[str, Collection[str]])
    """Section -> its entries that have faults of their own: to name one of them is none."""


def agent_faults(
    agents: Mapping[str, AgentSpec], workflows: Mapping[str, WorkflowSpec], around: Surrounding
) -> list[Fault]:
    """Every fault of every agent and workflow."""
    both = sorted(set(agents) & set(workflows))
    faults = [
        Fault(f"workflows.{name}", "has the name of an agent", "rename one: a workflow becomes an agent")
        for name in both
    ]
    shapes = [fault for name, spec in workflows.items() for fault in shape_faults(name, spec)]
    # A workflow whose steps make no sense has no agents that could be judged.
    sound = {name: spec for name, spec in workflows.items() if not shape_faults(name, spec)}
    found = everyone(agents, sound)
    paths = {name: f"workflows.{name}" if name in sound else f"agents.{name}" for name in found}
    named = {*agents, *workflows, *around.unread.get("agents", ()), *around.unread.get("workflows", ())}
    if found and not around.database:
        faults.append(
            Fault(
                "data.postgres.enabled",
                "is false, but agents keep their conversations there",
                "switch it on, or drop the agents",
            )
        )
    for name, agent in found.items():
        path = paths[name]
        faults += [
            *_name_faults(path, name, agent),
            *_tenant_faults(path, agent, around),
            *_call_faults(path, name, agent, found, named),
            *_tool_faults(path, agent, around),
            *_store_faults(path, agent, around),
            *scaling_faults(f"{path}.scaling", agent.scaling, around, tenant=agent.tenant),
        ]
    for tenant in tenants(found):
        if tenant in around.tenants:
            faults += _room_faults(tenant, around.tenants[tenant], len(of(found, tenant)))
    return [*faults, *shapes, *_queue_faults(found, paths), *_circles(found, paths)]


def _queue_faults(agents: Mapping[str, Agent], paths: Mapping[str, str]) -> list[Fault]:
    """A list is one agent's, and its keys are nobody else's."""
    faults: list[Fault] = []
    holders: dict[str, str] = {}
    for name, queue in queues(agents).items():
        where = f"{paths[name]}.scaling.queue.name"
        holder = holders.setdefault(queue.name, name)
        if holder != name:
            faults.append(
                Fault(where, f"is {queue.name!r}, the queue of {holder} already", "give each agent its own")
            )
        if queue.name in agents:
            faults.append(
                Fault(
                    where,
                    f"is {queue.name!r}, the name of an agent, which keeps keys of its own under it",
                    f"choose another, for example {queue.name}-tasks",
                )
            )
    return faults


def _room_faults(tenant: str, said: TenantSpec, agents: int) -> list[Fault]:
    """What a tenant's own kagent and agents meet in its namespace; pods against its quota are the plan's business."""
    faults: list[Fault] = []
    if DATABASE_SECRET in said.secrets:
        faults.append(
            Fault(
                f"tenants.{tenant}.secrets",
                f"has {DATABASE_SECRET}, by which the kagent of its agents finds its database",
                "give that secret another name",
            )
        )
    services, needed = said.effective_quota.services, agents + CONTROLLER_SERVICES
    if services is not None and services < needed:
        faults.append(
            Fault(
                f"tenants.{tenant}.quota.services",
                f"is {services}, and its agents need {needed}: {CONTROLLER_SERVICES} of its kagent and "
                "one of each agent",
                f"raise it to at least {needed}, or give it fewer agents",
            )
        )
    return faults


def _name_faults(path: str, name: str, agent: Agent) -> list[Fault]:
    if name in _taken(agent.tenant) or name.startswith(TAKEN_PREFIXES):
        return [
            Fault(path, f"{name!r} is the name of something else in {agent.namespace}", "choose another name")
        ]
    return []


def _taken(tenant: str | None) -> frozenset[str]:
    taken = TAKEN | taken_names(tenant)
    if tenant is None:
        return taken
    # Secrets of the tenant's own are among the names that `stacks.objects` compares.
    return taken | TAKEN_OF_TENANTS


def _tenant_faults(path: str, agent: Agent, around: Surrounding) -> list[Fault]:
    tenant = agent.tenant
    if tenant is None or tenant in around.unread.get("tenants", ()):
        return []
    if tenant not in around.tenants:
        known = ", ".join(sorted(around.tenants)) or "none"
        return [
            Fault(f"{path}.tenant", f"is {tenant!r}; the stack has: {known}", "add the tenant, or drop it")
        ]
    if len(tenant) > LONGEST_TENANT:
        return [
            Fault(
                f"{path}.tenant",
                f"is {tenant!r}: with {len(tenant)} characters the Services of its kagent would have names of more "
                f"than 63; a tenant with agents has {LONGEST_TENANT} at most",
                "give the agent to a tenant with a shorter name, or drop it",
            )
        ]
    allowed = around.tenants[tenant].models
    remembered = agent.memory.long_term
    asked = {"model.name": agent.model.name}
    if remembered:
        asked["memory.long_term.embedding_model"] = remembered.embedding_model
    return [
        Fault(
            f"{path}.{where}",
            f"is {model!r}, for which the gateway refuses tenant {tenant}; it may ask for: "
            f"{', '.join(sorted(allowed)) or 'none'}",
            f"name one of those, or add it to tenants.{tenant}.models",
        )
        for where, model in asked.items()
        if allowed is not None and model not in allowed
    ]


def _call_faults(
    path: str, name: str, agent: Agent, agents: Mapping[str, Agent], named: Collection[str]
) -> list[Fault]:
    where = f"{path}.steps" if path.startswith("workflows.") else f"{path}.agents"
    known = ", ".join(sorted(set(agents) - {name})) or "none"
    faults: list[Fault] = []
    for called in calls(agent):
        if called == name:
            faults.append(Fault(where, f"has {name} ask itself", "name another agent"))
        elif called not in named:
            faults.append(
                Fault(where, f"names no agent: {called!r}; the stack has: {known}", "add it, or drop it")
            )
        elif called in agents and agents[called].namespace != agent.namespace:
            faults.append(
                Fault(
                    where,
                    f"has {called}, which runs in {agents[called].namespace}, not in {agent.namespace}: tenants and "
                    "platform do not ask each other's agents",
                    "give both the same tenant",
                )
            )
    return faults


def _tool_faults(path: str, agent: Agent, around: Surrounding) -> list[Fault]:
    known = ", ".join(sorted(around.tools)) or "none"
    faults: list[Fault] = []
    for index, name in enumerate(tools(agent)):
        where = f"{path}.tools[{index}]"
        tool = around.tools.get(name)
        if tool is None and name in around.unread.get("tools", ()):
            continue
        if tool is None:
            faults.append(
                Fault(where, f"names no tool: {name!r}; the catalogue has: {known}", "add it, or drop it")
            )
        elif tool.tenant != agent.tenant:
            owner = f"tenant {tool.tenant}" if tool.tenant else "the platform"
            mine = f"tenant {agent.tenant}" if agent.tenant else "the platform"
            faults.append(
                Fault(
                    where,
                    f"is {name!r}, a tool of {owner}, and the agent is {mine}'s",
                    "use a tool of the same owner: what one tenant's tool finds is no other's to see",
                )
            )
    return faults


def _store_faults(path: str, agent: Agent, around: Surrounding) -> list[Fault]:
    """Vectors that nobody has, or in which nobody of the agent's namespace is a user."""
    wanted = agent.stores.vectors if isinstance(agent, ByoAgentSpec) else None
    if wanted is None or agent.namespace in around.vector_users:
        return []
    where = f"{path}.stores.vectors"
    if not around.vectors:
        return [
            Fault(
                where,
                f"is {wanted}, and the stack has no vectors",
                "switch data.milvus and vectors on, or drop it",
            )
        ]
    level = "database" if agent.tenant else "partition_key"
    return [
        Fault(
            where,
            f"is {wanted}, and {agent.namespace} has no user there: no collection is of isolation {level}",
            f"add one to vectors.collections with isolation: {level}, or drop it",
        )
    ]


def scaling_faults(
    path: str, scaling: ScalingSpec, around: Surrounding, *, tenant: str | None
) -> list[Fault]:
    """Triggers that would ask something that is not there."""
    faults: list[Fault] = []
    if scaling.autoscaler == "ScaledObject" and not around.keda:
        faults.append(
            Fault(
                path,
                "needs KEDA, which is switched off",
                "switch services.keda on, or drop queue and sessions",
            )
        )
    if scaling.queue and not around.cache:
        faults.append(
            Fault(f"{path}.queue", "needs a cache to be in", "set data.cache.mode, or drop the queue")
        )
    if scaling.queue and tenant is not None:
        faults.append(
            Fault(
                f"{path}.queue",
                f"is a list of the platform's own agents, which tenant {tenant}'s user of the cache may not touch",
                "drop the queue, or the tenant",
            )
        )
    if scaling.sessions and not around.prometheus:
        faults.append(
            Fault(
                f"{path}.sessions",
                "needs Prometheus, which is switched off",
                "switch observability.prometheus on, or drop sessions",
            )
        )
    return faults


def _circles(agents: Mapping[str, Agent], paths: Mapping[str, str]) -> list[Fault]:
    edges = {
        name: [one for one in calls(agent) if one in agents and one != name] for name, agent in agents.items()
    }
    around = circle(edges)
    if around:
        return [
            Fault(
                paths[around[0]],
                f"asks itself by way of others: {' -> '.join(around)}; kagent refuses such agents",
                "break the circle",
            )
        ]
    return [
        Fault(
            paths[name],
            f"asks {depth} agents deep, of {DEEPEST} that kagent follows",
            "let it ask some of them itself",
        )
        for name in edges
        if (depth := _depth(name, edges)) > DEEPEST
    ]


def _depth(name: str, edges: Mapping[str, list[str]]) -> int:
    return max((1 + _depth(one, edges) for one in edges[name]), default=0)
