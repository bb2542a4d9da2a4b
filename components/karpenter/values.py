"""The values of the Karpenter charts, and the pods they bring."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.pods import (
    Container,
    ContainerResources,
    PodClass,
    PodSecurity,
    Port,
    Workload,
    labels,
)
from components.core.aws import Place
from components.core.labels import BOOTSTRAP_TOLERATION
from components.core.names import queue_name
from components.karpenter.interruption import QUEUE_PURPOSE
from components.karpenter.spec import SERVICE_ACCOUNT, KarpenterSpec

RELEASE = "karpenter"
CRD_RELEASE = "karpenter-crd"
REPLICAS = 2
"""One leads, one stands by; the chart forbids them to share a node, hence two bootstrap nodes."""

RESOURCES = ContainerResources(cpu="1", memory="1Gi", cpu_limit="1", memory_limit="1Gi")
"""The chart sets none; its guide suggests these, and equal ones keep the leader from being evicted."""


def crd_values() -> dict[str, Any]:
    """Keeps the definitions when the release goes: with them would go every NodePool and its nodes."""
    return {"additionalAnnotations": {"helm.sh/resource-policy": "keep"}}


def values(place: Place, spec: KarpenterSpec, *, service_monitor: bool) -> dict[str, Any]:
    """The controller's values; `service_monitor` only once Prometheus' definitions are in the cluster."""
    return {
        "replicas": REPLICAS,
        "logLevel": spec.log_level,
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "controller": {
            "image": {"repository": images.KARPENTER.repository, **images.KARPENTER.values()},
            "resources": RESOURCES.values(),
        },
        "tolerations": [dict(BOOTSTRAP_TOLERATION)],
        "serviceMonitor": {"enabled": service_monitor},
        "settings": {
            "clusterName": place.cluster_name,
            "interruptionQueue": queue_name(place, QUEUE_PURPOSE),
            # Endpoint and CA by eks:DescribeCluster: as values they would be outputs.
            "eksControlPlane": True,
            "enableZonalShift": spec.zonal_shift,
        },
    }


def pods(namespace: str) -> tuple[PodClass, ...]:
    """The pods of the `karpenter` release."""
    return (
        PodClass(
            release=RELEASE,
            namespace=namespace,
            kind=Workload.DEPLOYMENT,
            name="karpenter",
            labels=labels("karpenter", RELEASE),
            ports=(Port("http-metrics", 8080), Port("http", 8081)),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE_ACCOUNT,
            containers=(Container(name="controller", image=images.KARPENTER, resources=RESOURCES),),
            replicas=REPLICAS,
        ),
    )
