"""The pods cert-manager brings."""

from __future__ import annotations

from components.cert_manager.spec import CertManagerSpec
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

RELEASE = "cert-manager"
NAMESPACE = "cert-manager"

WEBHOOK_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi")
STARTUP_CHECK_RESOURCES = ContainerResources(cpu="20m", memory="32Mi", cpu_limit="100m", memory_limit="64Mi")


def component_labels(name: str, component: str) -> dict[str, str]:
    """What the chart selects one of its components by."""
    return labels(name, RELEASE, **{"app.kubernetes.io/component": component})


CONTROLLER_LABELS = component_labels("cert-manager", "controller")
WEBHOOK_LABELS = component_labels("webhook", "webhook")
CAINJECTOR_LABELS = component_labels("cainjector", "cainjector")
METRICS = Port("http-metrics", 9402)


def pods(spec: CertManagerSpec) -> tuple[PodClass, ...]:
    """Controller, webhook, CA injector, and the check that Helm runs after an install."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="cert-manager",
            labels=CONTROLLER_LABELS,
            ports=(METRICS, Port("http-healthz", 9403)),
            pod_security=PodSecurity.RESTRICTED,
            service_account="cert-manager",
            replicas=spec.replicas,
            containers=(
                Container(
                    name="cert-manager-controller",
                    image=images.CERT_MANAGER_CONTROLLER,
                    resources=spec.resources,
                ),
            ),
            starts=(images.CERT_MANAGER_ACMESOLVER,),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="cert-manager-webhook",
            labels=WEBHOOK_LABELS,
            ports=(Port("https", 10250), Port("healthcheck", 6080), METRICS),
            pod_security=PodSecurity.RESTRICTED,
            service_account="cert-manager-webhook",
            replicas=spec.webhook_replicas,
            containers=(
                Container(
                    name="cert-manager-webhook",
                    image=images.CERT_MANAGER_WEBHOOK,
                    resources=WEBHOOK_RESOURCES,
                ),
            ),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="cert-manager-cainjector",
            labels=CAINJECTOR_LABELS,
            ports=(METRICS,),
            pod_security=PodSecurity.RESTRICTED,
            service_account="cert-manager-cainjector",
            replicas=spec.replicas,
            containers=(
                Container(
                    name="cert-manager-cainjector",
                    image=images.CERT_MANAGER_CAINJECTOR,
                    resources=spec.resources,
                ),
            ),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.JOB,
            name="cert-manager-startupapicheck",
            labels={
                "app": "startupapicheck",
                **component_labels("startupapicheck", "startupapicheck"),
            },
            ports=(),
            pod_security=PodSecurity.RESTRICTED,
            service_account="cert-manager-startupapicheck",
            hook=True,
            containers=(
                Container(
                    name="cert-manager-startupapicheck",
                    image=images.CERT_MANAGER_STARTUPAPICHECK,
                    resources=STARTUP_CHECK_RESOURCES,
                ),
            ),
        ),
    )
