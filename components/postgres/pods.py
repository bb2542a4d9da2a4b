"""The pod that sets the database up."""

from __future__ import annotations

from collections.abc import Iterable

from components.charts import images
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Workload
from components.postgres.spec import NAMESPACE

NAME = "postgres-bootstrap"
LABELS = {"app.kubernetes.io/name": NAME}
UID = 999
"""`postgres` in the official image, which starts as root unless told otherwise."""
RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="128Mi")


def job_name(tenant: str | None = None) -> str:
    """The job of the platform's users, or of one tenant's; its script and its passwords are called so too."""
    return NAME if tenant is None else f"{NAME}-{tenant}"


def job_pod(tenant: str | None = None) -> PodClass:
    """One pod, once. A tenant's is in ai-data as well: no tenant may be given what it works with."""
    return PodClass(
        release=job_name(tenant),
        namespace=NAMESPACE,
        kind=Workload.JOB,
        name=job_name(tenant),
        labels=LABELS,
        ports=(),
        pod_security=PodSecurity.RESTRICTED,
        service_account=NAME,
        containers=(Container(name="psql", image=images.POSTGRES_CLIENT, resources=RESOURCES),),
    )


def pods(tenants: Iterable[str] = ()) -> tuple[PodClass, ...]:
    """All there is of the database in the cluster; `tenants` are those that have one in it."""
    return (job_pod(), *map(job_pod, tenants))
