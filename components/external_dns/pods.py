"""The pods external-dns brings."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload, labels
from components.external_dns.spec import ExternalDnsSpec

RELEASE = "external-dns"
NAMESPACE = "external-dns"
SERVICE_ACCOUNT = "external-dns"
LABELS = labels("external-dns", RELEASE)


def pods(spec: ExternalDnsSpec) -> tuple[PodClass, ...]:
    """One pod, never two: it elects no leader, and two would undo each other's records."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="external-dns",
            labels=LABELS,
            ports=(Port("http", 7979),),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE_ACCOUNT,
            containers=(Container(name="external-dns", image=images.EXTERNAL_DNS, resources=spec.resources),),
        ),
    )
