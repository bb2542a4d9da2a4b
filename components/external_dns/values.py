"""What external-dns' chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.scheduling import MONITOR_LABELS
from components.core.aws import Place
from components.external_dns.pods import SERVICE_ACCOUNT
from components.external_dns.spec import ExternalDnsSpec

GATEWAY_NAMESPACE = "ai-gateway"
GATEWAY_SOURCES = ("gateway-httproute", "gateway-grpcroute")


def values(
    place: Place, spec: ExternalDnsSpec, *, gateway_kinds: bool, protect: bool, monitored: bool
) -> dict[str, Any]:
    """Records of the named zones only, of what the platform itself exposes, and marked as this cluster's.

    Security contexts are the chart's own: they pass `restricted`.
    """
    return {
        "image": {"tag": images.EXTERNAL_DNS.pinned_tag},
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        "provider": {"name": "aws"},
        # Pods cannot ask instance metadata for it.
        "env": [{"name": "AWS_REGION", "value": place.region}],
        # Where the stack is protected nothing is deleted: a Service removed by mistake keeps its name.
        "policy": "upsert-only" if protect else "sync",
        "registry": "txt",
        # Whose records are whose, where clusters share a zone: no cluster touches another's.
        "txtOwnerId": place.cluster_name,
        # By default the mark of `example.com` itself would be `a-example.com`, outside the zone. To change it
        # later is to disown every record there is.
        "txtPrefix": "%{record_type}-owner.",
        "domainFilters": sorted(spec.zones),
        # Without the routes' kinds it would wait for them and exit.
        "sources": ["service", *(GATEWAY_SOURCES if gateway_kinds else ())],
        # Only Gateways of this namespace count: a tenant's own could ask for any name in the zone.
        **({"gatewayNamespace": GATEWAY_NAMESPACE} if gateway_kinds else {}),
        # On changes at once; otherwise to repair what others changed, which costs calls of an account-wide
        # five a second.
        "triggerLoopOnEvent": True,
        "interval": "5m",
        "extraArgs": {
            "zone-id-filter": sorted(spec.zones.values()),
            # Any Service may carry a host name, but only platform namespaces may have a load balancer.
            "service-type-filter": ["LoadBalancer"],
            "aws-zones-cache-duration": "1h",
            "txt-wildcard-replacement": "wildcard",
        },
        "resources": spec.resources.values(),
        "serviceMonitor": {
            "enabled": monitored,
            **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
        },
    }
