"""What metrics-server's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts.images import METRICS_SERVER
from components.charts.scheduling import MONITOR_LABELS, disruption_budget, spread, tolerations
from components.metrics_server.pods import LABELS
from components.metrics_server.spec import MetricsServerSpec


def values(spec: MetricsServerSpec, *, monitored: bool) -> dict[str, Any]:
    """Two pods that survive a drain, with limits the chart leaves out.

    Security context and priority are the chart's own. `--kubelet-insecure-tls`, which many guides add, is not
    needed: EKS signs the kubelets' certificates.
    """
    return {
        "image": {"tag": METRICS_SERVER.pinned_tag},
        "replicas": spec.replicas,
        "resources": spec.resources.values(),
        "tolerations": tolerations(),
        "topologySpreadConstraints": spread(LABELS),
        "podDisruptionBudget": disruption_budget(spec.replicas),
        # Its own metrics are readable without a token once this is on, so only where somebody reads them.
        "metrics": {"enabled": monitored},
        "serviceMonitor": {
            "enabled": monitored,
            **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
        },
    }
