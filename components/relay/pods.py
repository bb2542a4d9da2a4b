"""The relay's pods."""

from __future__ import annotations

from dataclasses import replace

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
from components.relay.names import BATCH_LABELS, CRON_LABELS, JOB_LABELS, LABELS, NAME, NAMESPACE, PORT, PROBE
from components.relay.spec import RelaySpec

MIGRATIONS = "relay-migrations"
SETUP = "relay-setup"
BATCH = "relay-batch"
MIGRATION_LABELS = labels(MIGRATIONS, NAME)
MIGRATION_RESOURCES = ContainerResources(cpu="250m", memory="512Mi", cpu_limit="1", memory_limit="1Gi")
BATCH_RESOURCES = ContainerResources(cpu="50m", memory="128Mi", cpu_limit="500m", memory_limit="256Mi")
SMALL = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="256Mi")


def pods(spec: RelaySpec) -> tuple[PodClass, ...]:
    """Servers, the two jobs before and after them, and the probe."""
    return (
        PodClass(
            release=NAME,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=NAME,
            labels=LABELS,
            ports=(Port("http", PORT),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=NAME,
            replicas=spec.replicas,
            containers=(Container(name=NAME, image=images.LITELLM, resources=spec.resources),),
        ),
        migrations_pod(),
        setup_pod(),
        *((probe_pod(),) if spec.probe.enabled else ()),
        *((batch_pod(),) if spec.batch.enabled else ()),
    )


def migrations_pod() -> PodClass:
    """The database's tables, before the servers that use them."""
    return _job(MIGRATIONS, MIGRATION_LABELS, MIGRATION_RESOURCES)


def setup_pod() -> PodClass:
    """Tenants' keys and budgets, once there is a server to tell."""
    return _job(SETUP, JOB_LABELS, SMALL)


def probe_pod() -> PodClass:
    """A round of questions."""
    return _job(PROBE, CRON_LABELS, SMALL)


def batch_pod() -> PodClass:
    """A worker of the night; how many there are is the window's business."""
    return replace(_job(BATCH, BATCH_LABELS, BATCH_RESOURCES), kind=Workload.DEPLOYMENT, replicas=0)


def _job(name: str, selected: dict[str, str], resources: ContainerResources) -> PodClass:
    return PodClass(
        release=NAME,
        namespace=NAMESPACE,
        kind=Workload.JOB,
        name=name,
        labels=selected,
        ports=(),
        pod_security=PodSecurity.RESTRICTED,
        service_account=NAME,
        containers=(Container(name=name, image=images.LITELLM, resources=resources),),
    )
