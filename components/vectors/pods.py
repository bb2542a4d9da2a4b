"""The pod that makes collections and users."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Workload
from components.charts.restricted import NOBODY
from components.milvus.spec import SHARED, Instance
from components.vectors.names import BOOTSTRAP, LABELS
from components.vectors.spec import VectorsSpec

UID = NOBODY
RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="128Mi")


def job_pod(instance: Instance = SHARED) -> PodClass:
    """One pod, once, beside its Milvus."""
    return PodClass(
        release=BOOTSTRAP,
        namespace=instance.namespace,
        kind=Workload.JOB,
        name=BOOTSTRAP,
        labels=LABELS,
        ports=(),
        pod_security=PodSecurity.RESTRICTED,
        service_account=BOOTSTRAP,
        containers=(Container(name="bootstrap", image=images.PYTHON, resources=RESOURCES),),
    )


def pods(spec: VectorsSpec) -> tuple[PodClass, ...]:
    """All there is of this part in the cluster."""
    return tuple(map(job_pod, (SHARED, *spec.instances))) if spec.enabled else ()
