"""What agentgateway's charts are told."""

from __future__ import annotations

from typing import Any

from components.charts.images import AGENTGATEWAY_CONTROLLER
from components.charts.scheduling import MONITOR_LABELS, disruption_budget
from components.gateway.pods import CONTROLLER_RESOURCES
from components.gateway.spec import GatewaySpec

NAMESPACES = ("agentgateway-system", "ai-gateway", "ai-agents", "ai-inference", "observability")
"""Where the controller looks: for routes and what they refer to, and for the keys it keeps in its own namespace.
Not at tenants, who have no say in routing."""


def controller_values(spec: GatewaySpec, *, monitored: bool) -> dict[str, Any]:
    """A controller that passes `restricted`, with limits, and that reads no tenant's namespace."""
    return {
        "controller": {
            "replicaCount": spec.controller_replicas,
            "image": {"tag": AGENTGATEWAY_CONTROLLER.pinned_tag},
            "podDisruptionBudget": _budget(spec.controller_replicas),
            # Prompts are not for the log of the control plane.
            "logLevel": "info",
        },
        # The chart's own context passes `baseline` only.
        "podSecurityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "resources": CONTROLLER_RESOURCES.values(),
        "discoveryNamespaceSelectors": [
            {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "In", "values": list(NAMESPACES)}
                ]
            }
        ],
        "inferenceExtension": {"enabled": spec.inference_pools},
        "monitoring": {
            "enabled": monitored,
            **(
                {
                    "serviceMonitor": {"enabled": True, "extraLabels": dict(MONITOR_LABELS)},
                    # It selects proxies in the controller's own namespace, where there are none.
                    "proxy": {"podMonitor": {"enabled": False}},
                    # Ours are generated from panels whose series are known to exist.
                    "grafanaDashboard": {"enabled": False},
                }
                if monitored
                else {}
            ),
        },
    }


def _budget(replicas: int) -> dict[str, Any]:
    # The chart renders what it is given, with no switch of its own.
    return {"minAvailable": 1} if disruption_budget(replicas)["enabled"] else {}
