"""The pods metrics-server brings."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload, labels
from components.metrics_server.spec import MetricsServerSpec

RELEASE = "metrics-server"
NAMESPACE = "kube-system"
LABELS = labels("metrics-server", RELEASE)


def pods(spec: MetricsServerSpec) -> tuple[PodClass, ...]:
    """The server, which the API server reaches on 10250 and which reaches every kubelet."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="metrics-server",
            labels=LABELS,
            ports=(Port("https", 10250),),
            pod_security=PodSecurity.RESTRICTED,
            service_account="metrics-server",
            replicas=spec.replicas,
            containers=(
                Container(name="metrics-server", image=images.METRICS_SERVER, resources=spec.resources),
            ),
        ),
    )
