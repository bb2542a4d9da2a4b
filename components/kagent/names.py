"""What others call kagent by."""

from __future__ import annotations

NAMESPACE = "ai-agents"
RELEASE = "kagent"
CRDS = "kagent-crds"

CONTROLLER = f"{RELEASE}-controller"
PORT = 8083
METRICS_PORT = 8443
METRICS_SERVICE = f"{CONTROLLER}-metrics"
CONTROLLER_URL = f"http://{CONTROLLER}.{NAMESPACE}.svc:{PORT}"
"""A2A of every agent is below `/api/a2a/<namespace>/<agent>/`."""

UI = f"{RELEASE}-ui"
UI_PORT = 8080
KMCP = f"{RELEASE}-kmcp-controller-manager"

AGENT_PORT = 8080
"""Of every agent's pod and Service, whatever runs in it (kagent v0.9.12, translator/agent/deployments.go)."""

API_VERSION = "kagent.dev/v1alpha2"
MCP_API_VERSION = "kagent.dev/v1alpha1"
"""Of kmcp's one kind, MCPServer."""

AGENT_LABEL = "kagent"
"""On the pods of an agent, with the agent's name: Deployments select by it and by `app`."""


def agent_labels(agent: str) -> dict[str, str]:
    """What kagent selects the pods of one agent by, in Deployment and Service (manifest_builder.go)."""
    return {"app": "kagent", AGENT_LABEL: agent}
