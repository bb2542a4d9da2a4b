"""Agents, who runs them and what they use; what each tool reaches is said by the stack's config."""

from __future__ import annotations

from components.isolation.ends import API_SERVER, Flow, Pods
from components.isolation.flows.observability import DATA_TIER
from components.isolation.flows.places import HTTPS, KAGENT

KMCP = Pods("ai-agents", {"app.kubernetes.io/name": "kmcp"})
SESSIONS = Pods("ai-agents", {"app.kubernetes.io/name": "agent-sessions"})
TOOLS = Pods("ai-tools", {"app.kubernetes.io/part-of": "tools"})

AGENT_FLOWS = (
    Flow(KAGENT, API_SERVER, HTTPS, "agents are API objects", "kagent"),
    Flow(KMCP, API_SERVER, HTTPS, "MCP servers are API objects", "kagent"),
    Flow(SESSIONS, DATA_TIER, (5432,), "conversations that are over are deleted", "agents"),
    # Of agents those that name a tool reach it, and no other (components/tools/flows).
    Flow(KAGENT, TOOLS, (8080,), "the controller asks tools what they offer", "tools"),
    # Nothing of a tenant's: this controller believes whoever reaches it, and tenants have controllers of their own
    # (components/agents/flows).
)
