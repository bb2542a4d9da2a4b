"""The pods of Valkey: every server with its exporter and with what keeps its users up to date."""

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
from components.valkey.spec import NAMESPACE, PORT, RELEASE, ValkeySpec

LABELS = labels(RELEASE, RELEASE)
RELOADER = "reload-users"
METRICS_PORT = 9121

INIT_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi")
EXPORTER_RESOURCES = ContainerResources(cpu="20m", memory="32Mi", cpu_limit="100m", memory_limit="64Mi")
RELOADER_RESOURCES = ContainerResources(cpu="10m", memory="16Mi", cpu_limit="50m", memory_limit="32Mi")


def pods(spec: ValkeySpec) -> tuple[PodClass, ...]:
    """A StatefulSet always, of one pod too: a Deployment's volume could not become a copy's later."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.STATEFUL_SET,
            name=RELEASE,
            labels=LABELS,
            ports=(Port("tcp", PORT), Port("metrics", METRICS_PORT)),
            pod_security=PodSecurity.RESTRICTED,
            service_account=RELEASE,
            containers=(
                Container(name=f"{RELEASE}-init", image=images.VALKEY, resources=INIT_RESOURCES),
                Container(name=RELEASE, image=images.VALKEY, resources=spec.resources),
                Container(name="metrics", image=images.REDIS_EXPORTER, resources=EXPORTER_RESOURCES),
                Container(name=RELOADER, image=images.VALKEY, resources=RELOADER_RESOURCES),
            ),
            replicas=spec.replicas + 1,
        ),
    )
