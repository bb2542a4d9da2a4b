"""The pods the exporter brings."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload, labels
from components.dcgm_exporter.spec import DcgmExporterSpec

RELEASE = "dcgm-exporter"
NAMESPACE = "nvidia"


def pods(spec: DcgmExporterSpec) -> tuple[PodClass, ...]:
    """One on each GPU node, with the host's paths and SYS_ADMIN, which profiling needs."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DAEMON_SET,
            name=RELEASE,
            labels=labels(RELEASE, RELEASE, **{"app.kubernetes.io/component": RELEASE}),
            ports=(Port("metrics", 9400),),
            pod_security=PodSecurity.PRIVILEGED,
            service_account=RELEASE,
            containers=(Container(name="exporter", image=images.DCGM_EXPORTER, resources=spec.resources),),
            replicas=None,
        ),
    )
