"""What every controller has beside its release: a budget, and who reads its metrics."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget

from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.kagent.names import METRICS_SERVICE, RELEASE
from components.kagent.pods import controller_labels

_LABELS = managed_labels(RELEASE)


def budget(
    name: str,
    pods: str,
    selector: Mapping[str, str],
    *,
    namespace: Input[str],
    replicas: int,
    opts: ResourceOptions,
) -> None:
    """Lets pods be moved one at a time; none where there is one pod, which it would nail down."""
    # The chart of this version brings none.
    if replicas > 1:
        PodDisruptionBudget(
            name,
            metadata={"name": pods, "namespace": namespace, "labels": _LABELS},
            spec={
                "max_unavailable": 1,
                "selector": {"match_labels": dict(selector)},
                "unhealthy_pod_eviction_policy": "AlwaysAllow",
            },
            opts=opts,
        )


def monitor(
    name: str,
    tenant: str | None,
    *,
    namespace: Input[str],
    installed: Resource,
    parent: Resource,
) -> None:
    """Has Prometheus read a controller; rules know every one by the same job, and tell them apart by namespace."""
    renamed = [{"targetLabel": "job", "replacement": METRICS_SERVICE}] if tenant else []
    CustomResource(
        name,
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata={"name": RELEASE, "namespace": namespace, "labels": {**_LABELS, **MONITOR_LABELS}},
        spec={
            "selector": {"matchLabels": controller_labels(tenant)},
            # Of the Services with these labels only that for metrics has a port of this name.
            "endpoints": [
                {
                    "port": "http-metrics",
                    "interval": "30s",
                    **({"relabelings": renamed} if renamed else {}),
                }
            ],
        },
        opts=ResourceOptions(parent=parent, depends_on=[installed]),
    )
