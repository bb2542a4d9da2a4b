"""The pods Karpenter brings."""

from __future__ import annotations

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
from components.karpenter.spec import SERVICE_ACCOUNT

RELEASE = "karpenter"
CRD_RELEASE = "karpenter-crd"
NAMESPACE = "karpenter"
REPLICAS = 2
"""One leads, one stands by; the chart forbids them to share a node, hence two bootstrap nodes."""

RESOURCES = ContainerResources(cpu="1", memory="1Gi", cpu_limit="1", memory_limit="1Gi")
"""The chart sets none; its guide suggests these, and equal ones keep the leader from being evicted."""


def pods() -> tuple[PodClass, ...]:
    """The controller, on the bootstrap nodes: it may not depend on nodes that it removes."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
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
