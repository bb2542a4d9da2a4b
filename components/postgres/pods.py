"""The pod that sets the database up."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Workload
from components.postgres.spec import NAMESPACE

NAME = "postgres-bootstrap"
LABELS = {"app.kubernetes.io/name": NAME}
UID = 999
"""`postgres` in the official image, which starts as root unless told otherwise."""
RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="128Mi")


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
        containers=(Container(name="psql", image=images.POSTGRES_CLIENT, resources=RESOURCES),),
    )


def pods() -> tuple[PodClass, ...]:
    """All there is of the database in the cluster."""
    return (job_pod(),)
