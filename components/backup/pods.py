"""The pods Velero's chart brings."""

from __future__ import annotations

from components.backup.spec import BackupSpec
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

RELEASE = "velero"
NAMESPACE = "velero"
SERVICE_ACCOUNT = "velero"
PLUGIN = "velero-plugin-for-aws"

PLUGIN_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi")
DEFINITIONS_RESOURCES = ContainerResources(cpu="50m", memory="128Mi", cpu_limit="200m", memory_limit="256Mi")


def pods(spec: BackupSpec) -> tuple[PodClass, ...]:
    """The server, and the job that brings its definitions up to date before every install and upgrade."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="velero",
            labels=labels("velero", RELEASE),
            ports=(Port("http-monitoring", 8085),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE_ACCOUNT,
            containers=(
                # Copies itself into a shared folder and ends.
                Container(name=PLUGIN, image=images.VELERO_PLUGIN_FOR_AWS, resources=PLUGIN_RESOURCES),
                Container(name="velero", image=images.VELERO, resources=spec.resources),
            ),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.JOB,
            name="velero-upgrade-crds",
            # The chart gives its pods none.
            labels={},
            ports=(),
            pod_security=PodSecurity.RESTRICTED,
            service_account="velero-upgrade-crds",
            containers=(Container(name="velero", image=images.VELERO, resources=DEFINITIONS_RESOURCES),),
            hook=True,
        ),
    )
