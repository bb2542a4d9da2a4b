"""Where the platform's own controllers run: on the bootstrap nodes if need be, and never all on one node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.core.labels import BOOTSTRAP_TOLERATION

PRIORITY = "system-cluster-critical"
"""Without these controllers nothing else starts or is repaired: they may displace other pods."""

MONITOR_LABELS: Mapping[str, str] = {"release": "kube-prometheus-stack"}
"""What Prometheus selects ServiceMonitors by."""


def tolerations() -> list[dict[str, str]]:
    """Lets pods run on the bootstrap nodes, which exist before Karpenter has made any other."""
    return [dict(BOOTSTRAP_TOLERATION)]


def spread(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One pod a node where there are nodes enough, and over zones where that is possible.

    Only nodes whose taints the pod tolerates count: otherwise an empty GPU node would forbid a second pod on
    every bootstrap node. Only pods of the same revision count, so that an update does not wait for itself.
    """
    selector = {"labelSelector": {"matchLabels": dict(labels)}, "matchLabelKeys": ["pod-template-hash"]}
    return [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "DoNotSchedule",
            "nodeTaintsPolicy": "Honor",
            **selector,
        },
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "nodeTaintsPolicy": "Honor",
            **selector,
        },
    ]


def disruption_budget(replicas: int) -> dict[str, Any]:
    """Keeps one pod while nodes are drained; none for a single pod, which could then never be moved."""
    return {"enabled": True, "minAvailable": 1} if replicas > 1 else {"enabled": False}
