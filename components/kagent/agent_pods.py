"""An agent's pods are an agent's: under no other part's name, and as no other part's account.

Policies know pods by label, and an Agent says which labels its pods have (kagent v0.9.12, translator/agent: those of an
Agent lie over kagent's own). A pod with a tool's label would leave by that tool's door, one with the controller's would
reach the database and the Kubernetes API. What an agent cannot take off is what its Deployment selects by: `app` and
`kagent`. So whoever carries these may carry no name that a flow is about.
"""

from __future__ import annotations

from typing import Any

from components.kagent.names import AGENT_LABEL, KMCP, NAMED_IN_FLOWS

NAME = "kagent-agents"
NAME_LABEL = "app.kubernetes.io/name"
PARTS = tuple(sorted(NAMED_IN_FLOWS))
TOOLS = "tool-"
"""How the names of all tools' servers begin (components/tools/names)."""

NAMED = (
    f"an agent's pods carry no label {NAME_LABEL} of another part ({', '.join(PARTS)}, {TOOLS}...): policies would "
    "take them for it; drop the label, or call the agent otherwise"
)
HELD = (
    f"an agent does not run as {KMCP}, which may write every Deployment of agents and tools; name another "
    "serviceAccountName"
)


def policy() -> dict[str, Any]:
    """The spec of the ValidatingAdmissionPolicy; about pods, whatever made them."""
    labels = "object.metadata.labels"
    listed = ", ".join(f"'{part}'" for part in PARTS)
    called = f"{labels}['{NAME_LABEL}']"
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": ["pods"],
                }
            ]
        },
        "matchConditions": [
            {
                "name": "is-an-agents",
                "expression": (
                    f"has({labels}) && '{AGENT_LABEL}' in {labels} && 'app' in {labels} && {labels}['app'] == 'kagent'"
                ),
            }
        ],
        "validations": [
            {
                "expression": (
                    f"!('{NAME_LABEL}' in {labels}) || !({called} in [{listed}] || {called}.startsWith('{TOOLS}'))"
                ),
                "message": NAMED,
            },
            {
                "expression": (
                    f"!has(object.spec.serviceAccountName) || object.spec.serviceAccountName != '{KMCP}'"
                ),
                "message": HELD,
            },
        ],
    }
