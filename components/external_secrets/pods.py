"""The pods the External Secrets Operator brings."""

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
from components.external_secrets.spec import ExternalSecretsSpec

RELEASE = "external-secrets"
NAMESPACE = "external-secrets"
SERVICE_ACCOUNT = "external-secrets"
"""Whose identity reads Secrets Manager, for every store that names no role of its own."""

WEBHOOK_RESOURCES = ContainerResources(cpu="50m", memory="64Mi", cpu_limit="200m", memory_limit="128Mi")
CERT_CONTROLLER_RESOURCES = WEBHOOK_RESOURCES

CONTROLLER_LABELS = labels("external-secrets", RELEASE)
WEBHOOK_LABELS = labels("external-secrets-webhook", RELEASE)
CERT_CONTROLLER_LABELS = labels("external-secrets-cert-controller", RELEASE)
METRICS = Port("metrics", 8080)
READY = Port("ready", 8081)


def pods(spec: ExternalSecretsSpec) -> tuple[PodClass, ...]:
    """Controller, webhook, and the controller of the webhook's certificate."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="external-secrets",
            labels=CONTROLLER_LABELS,
            ports=(METRICS,),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE_ACCOUNT,
            replicas=spec.replicas,
            containers=(
                Container(name="external-secrets", image=images.EXTERNAL_SECRETS, resources=spec.resources),
            ),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="external-secrets-webhook",
            labels=WEBHOOK_LABELS,
            ports=(METRICS, Port("webhook", 10250), READY),
            pod_security=PodSecurity.RESTRICTED,
            service_account="external-secrets-webhook",
            replicas=spec.webhook_replicas,
            containers=(
                Container(name="webhook", image=images.EXTERNAL_SECRETS, resources=WEBHOOK_RESOURCES),
            ),
        ),
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="external-secrets-cert-controller",
            labels=CERT_CONTROLLER_LABELS,
            ports=(METRICS, READY),
            pod_security=PodSecurity.RESTRICTED,
            service_account="external-secrets-cert-controller",
            containers=(
                Container(
                    name="cert-controller",
                    image=images.EXTERNAL_SECRETS,
                    resources=CERT_CONTROLLER_RESOURCES,
                ),
            ),
        ),
    )
