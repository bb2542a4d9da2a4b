"""The pods of the smoke test, while it runs."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Port, Workload
from components.charts.restricted import NOBODY
from components.smoke.names import CONTAINER, LABELS, PODS_PER_TENANT, PORT, SMOKE

UID = NOBODY
RESOURCES = ContainerResources(cpu="20m", memory="48Mi", cpu_limit="250m", memory_limit="96Mi")


def pod(tenant: str) -> PodClass:
    """Those in one tenant's namespace."""
    return PodClass(
        release=SMOKE,
        namespace=tenant,
        kind=Workload.JOB,
        name=SMOKE,
        labels=LABELS,
        ports=(Port("probe", PORT),),
        pod_security=PodSecurity.RESTRICTED,
        service_account=SMOKE,
        containers=(Container(name=CONTAINER, image=images.PYTHON, resources=RESOURCES),),
        replicas=PODS_PER_TENANT,
    )
