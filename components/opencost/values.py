"""What OpenCost's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.scheduling import MONITOR_LABELS
from components.core.aws import Place
from components.opencost.pods import SERVICE_ACCOUNT
from components.opencost.secrets import ADMIN
from components.opencost.spec import OpenCostSpec

DUPLICATES = (
    "kube_namespace_labels",
    "kube_node_labels",
    "kube_node_status_allocatable",
    "kube_node_status_capacity",
    "kube_node_status_condition",
    "kube_pod_owner",
)
"""Series that kube-state-metrics has too. Kept, they would double every sum over them, and a join on
`kube_namespace_labels` would fail for finding two partners."""


def values(
    place: Place,
    spec: OpenCostSpec,
    *,
    prometheus_url: str,
    monitored: bool,
) -> dict[str, Any]:
    """An exporter without a page of its own: its API has no login, and Grafana shows what it exports."""
    registry, _, repository = images.OPENCOST.repository.partition("/")
    return {
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        # The chart's own contexts pass `baseline` only.
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1001,
            "fsGroup": 1001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        # By default an update runs two for a moment, and every cost is exported twice.
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
        "opencost": {
            # Both on by default, and open to whoever reaches the pod.
            "ui": {"enabled": False},
            "mcp": {"enabled": False},
            "exporter": {
                "image": {
                    "registry": registry,
                    "repository": repository,
                    "tag": images.OPENCOST.pinned_tag,
                },
                "defaultClusterId": place.cluster_name,
                # Without a token the endpoints that store AWS keys and switch integrations are open
                # (CVE-2026-44300).
                "adminToken": {"enabled": True, "existingSecret": ADMIN.name},
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                "resources": spec.resources.values(),
            },
            # A whole address; the other way is put together from the names of another chart.
            "prometheus": {
                "internal": {"enabled": False},
                "external": {"enabled": True, "url": prometheus_url},
            },
            "metrics": {
                # Only what kube-state-metrics no longer has.
                "kubeStateMetrics": {"emitKsmV1Metrics": False, "emitKsmV1MetricsOnly": True},
                "serviceMonitor": {
                    "enabled": monitored,
                    **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
                    "scrapeInterval": "1m",
                    "metricRelabelings": [
                        {"sourceLabels": ["__name__"], "regex": "|".join(DUPLICATES), "action": "drop"}
                    ],
                },
            },
        },
    }
