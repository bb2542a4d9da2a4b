"""What Karpenter's charts are told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.scheduling import MONITOR_LABELS, tolerations
from components.core.aws import Place
from components.core.names import queue_name
from components.karpenter.interruption import QUEUE_PURPOSE
from components.karpenter.pods import REPLICAS, RESOURCES
from components.karpenter.spec import SERVICE_ACCOUNT, KarpenterSpec


def crd_values() -> dict[str, Any]:
    """Keeps the definitions when the release goes: with them would go every NodePool and its nodes."""
    return {"additionalAnnotations": {"helm.sh/resource-policy": "keep"}}


def values(place: Place, spec: KarpenterSpec, *, monitored: bool) -> dict[str, Any]:
    """The controller's values; `monitored` only once Prometheus' definitions are in the cluster."""
    return {
        "replicas": REPLICAS,
        "logLevel": spec.log_level,
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "controller": {
            "image": {"repository": images.KARPENTER.repository, **images.KARPENTER.values()},
            "resources": RESOURCES.values(),
        },
        "tolerations": tolerations(),
        "serviceMonitor": {
            "enabled": monitored,
            **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
        },
        "settings": {
            "clusterName": place.cluster_name,
            "interruptionQueue": queue_name(place, QUEUE_PURPOSE),
            # Endpoint and CA by eks:DescribeCluster: as values they would be outputs.
            "eksControlPlane": True,
            "enableZonalShift": spec.zonal_shift,
        },
    }
