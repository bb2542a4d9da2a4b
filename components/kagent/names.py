"""What others call kagent by."""

from __future__ import annotations

NAMESPACE = "ai-agents"
RELEASE = "kagent"
CRDS = "kagent-crds"

DATABASE_SECRET = "kagent-db"  # noqa: S105 - the name of a Secret
"""In every namespace that has a controller: how it finds its database."""

CONTROLLER = f"{RELEASE}-controller"
PORT = 8083
METRICS_PORT = 8443
METRICS_SERVICE = f"{CONTROLLER}-metrics"

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

NAMED_IN_FLOWS = frozenset({"agent-sessions", "kagent", "kmcp"})
"""`app.kubernetes.io/name` of what runs beside agents and is let at more than they are."""

CONTROLLER_SERVICES = 3
"""Of the chart: the API's, the metrics', and that of the page, with or without its pods."""

LONGEST_TENANT = 63 - len(f"-{METRICS_SERVICE}")
"""Characters of a tenant's name for which the chart's longest name is still a label."""


def release_name(tenant: str | None) -> str:
    """The release of a tenant's controller, or of the platform's.

    The tenant's name is in it because the chart makes a ClusterRole named after the release, and kagent tells agents
    the controller's Service by that name; at the front, where no name of another chart can be the same.
    """
    return RELEASE if tenant is None else f"{tenant}-{RELEASE}"


def controller_name(tenant: str | None) -> str:
    """Deployment, Service and ServiceAccount of the controller, as the chart names them after the release."""
    return f"{release_name(tenant)}-controller"


def controller_url(tenant: str | None) -> str:
    """A2A of every agent of its namespace is below `/api/a2a/<namespace>/<agent>/`."""
    return f"http://{controller_name(tenant)}.{tenant or NAMESPACE}.svc:{PORT}"


def taken_names(tenant: str | None) -> frozenset[str]:
    """What the chart, the database and policies know in a controller's namespace: no agent may be called so."""
    release = release_name(tenant)
    return frozenset(
        {
            release,
            DATABASE_SECRET,
            *NAMED_IN_FLOWS,
            *(f"{release}-{part}" for part in ("controller", "controller-metrics", "ui", "ui-config")),
            *(() if tenant else (KMCP,)),
        }
    )


def agent_labels(agent: str) -> dict[str, str]:
    """What kagent selects the pods of one agent by, in Deployment and Service (manifest_builder.go)."""
    return {"app": "kagent", AGENT_LABEL: agent}
