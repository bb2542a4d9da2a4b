"""The pods OpenCost brings."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload, labels
from components.opencost.spec import OpenCostSpec

RELEASE = "opencost"
NAMESPACE = "observability"
SERVICE_ACCOUNT = "opencost"
PORT = 9003


def pods(spec: OpenCostSpec) -> tuple[PodClass, ...]:
    """One pod: it keeps no state of its own, and two would export every cost twice."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=RELEASE,
            labels=labels("opencost", RELEASE),
            ports=(Port("http", PORT),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE_ACCOUNT,
            containers=(Container(name="opencost", image=images.OPENCOST, resources=spec.resources),),
        ),
    )
