"""The pods KEDA brings."""

from __future__ import annotations

from components.charts import images
from components.charts.images import Image
from components.charts.pods import (
    Container,
    ContainerResources,
    PodClass,
    PodSecurity,
    Port,
    Workload,
)
from components.keda.spec import KedaSpec

RELEASE = "keda"
NAMESPACE = "keda"
OPERATOR = "keda-operator"
METRICS_APISERVER = f"{OPERATOR}-metrics-apiserver"
WEBHOOKS = "keda-admission-webhooks"
SCRAPED = Port("metrics", 8080)

METRICS_RESOURCES = ContainerResources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="512Mi")
WEBHOOK_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="256Mi")
"""Four times the request: it holds every scaled object of a namespace while it looks for a second scaler of
one workload (kedacore/keda#7681)."""


def selector(name: str) -> dict[str, str]:
    """What the chart selects one of its parts by, in Services and budgets as well."""
    return {"app": name}


def pods(spec: KedaSpec) -> tuple[PodClass, ...]:
    """The operator, the API server of external metrics, and the webhooks."""
    return (
        _deployment(
            spec,
            OPERATOR,
            OPERATOR,
            Port("metricsservice", 9666),
            images.KEDA_OPERATOR,
            spec.resources,
        ),
        _deployment(
            spec,
            METRICS_APISERVER,
            "keda-metrics-server",
            Port("https", 6443),
            images.KEDA_METRICS_APISERVER,
            METRICS_RESOURCES,
        ),
        _deployment(
            spec,
            WEBHOOKS,
            "keda-webhook",
            Port("http", 9443),
            images.KEDA_ADMISSION_WEBHOOKS,
            WEBHOOK_RESOURCES,
        ),
    )


def _deployment(
    spec: KedaSpec,
    name: str,
    service_account: str,
    port: Port,
    image: Image,
    resources: ContainerResources,
) -> PodClass:
    return PodClass(
        release=RELEASE,
        namespace=NAMESPACE,
        kind=Workload.DEPLOYMENT,
        name=name,
        labels=selector(name),
        ports=(port, SCRAPED),
        pod_security=PodSecurity.RESTRICTED,
        service_account=service_account,
        containers=(Container(name=name, image=image, resources=resources),),
        replicas=spec.replicas,
    )
