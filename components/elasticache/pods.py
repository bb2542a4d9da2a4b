"""The pod that sets the passwords of the cache's users."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Workload
from components.valkey.spec import NAMESPACE

NAME = "cache-users"
LABELS = {"app.kubernetes.io/name": NAME}
UID = 1000
"""The image starts as root unless told otherwise; any number will do."""
RESOURCES = ContainerResources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="512Mi")


def job_pod() -> PodClass:
    """One pod, once."""
    return PodClass(
        release=NAME,
        namespace=NAMESPACE,
        kind=Workload.JOB,
        name=NAME,
        labels=LABELS,
        ports=(),
        pod_security=PodSecurity.RESTRICTED,
        service_account=NAME,
        containers=(Container(name="aws", image=images.AWS_CLI, resources=RESOURCES),),
    )


def pods() -> tuple[PodClass, ...]:
    """All there is of the cache in the cluster."""
    return (job_pod(),)
