"""The pods the NVIDIA device plugin brings."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Workload, labels
from components.gpu.spec import GpuReadinessSpec

RELEASE = "nvidia-device-plugin"
NAMESPACE = "nvidia"
SERVICE_ACCOUNT = f"{RELEASE}-service-account"


def pods(spec: GpuReadinessSpec) -> tuple[PodClass, ...]:
    """The plugin on every GPU node, and the sharing daemon that waits for a label no node has.

    Both mount host paths (and the daemon is privileged), so their namespace cannot be stricter; neither
    listens on a port.
    """
    return (
        _daemon_set(spec, RELEASE, containers=("nvidia-device-plugin-ctr",), replicas=None),
        _daemon_set(
            spec,
            f"{RELEASE}-mps-control-daemon",
            containers=("mps-control-daemon-mounts", "mps-control-daemon-ctr"),
            replicas=0,
        ),
    )


def _daemon_set(
    spec: GpuReadinessSpec, name: str, *, containers: tuple[str, ...], replicas: int | None
) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.DAEMON_SET,
        name=name,
        labels=labels(RELEASE, RELEASE),
        ports=(),
        pod_security=PodSecurity.PRIVILEGED,
        service_account=SERVICE_ACCOUNT,
        containers=tuple(
            Container(name=container, image=images.NVIDIA_DEVICE_PLUGIN, resources=spec.resources)
            for container in containers
        ),
        replicas=replicas,
    )
