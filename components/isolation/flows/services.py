"""What scaling, names and prices need: the platform services that no other module of the table is about."""

from __future__ import annotations

from components.isolation.ends import API_SERVER, POD_IDENTITY, AwsApis, Flow, Host, Pods
from components.isolation.flows.observability import DATA_TIER, VALKEY
from components.isolation.flows.places import HTTPS, PROMETHEUS

KEDA = Pods("keda")
KEDA_OPERATOR = Pods("keda", {"app": "keda-operator"})
KEDA_METRICS = Pods("keda", {"app": "keda-operator-metrics-apiserver"})
KEDA_WEBHOOKS = Pods("keda", {"app": "keda-admission-webhooks"})
EXTERNAL_DNS = Pods("external-dns")
OPENCOST = Pods("observability", {"app.kubernetes.io/name": "opencost"})

_KEDA = (
    Flow(KEDA, API_SERVER, HTTPS, "scaled objects are API objects", "keda"),
    Flow(API_SERVER, KEDA_WEBHOOKS, (9443,), "admission of scaled objects", "keda"),
    Flow(API_SERVER, KEDA_METRICS, (6443,), "autoscalers ask the external metrics API", "keda"),
    Flow(
        KEDA_METRICS, KEDA_OPERATOR, (9666,), "the operator asks the sources, the API server answers", "keda"
    ),
    Flow(KEDA_OPERATOR, PROMETHEUS, (9090,), "scaling by a query", "prometheus"),
    Flow(KEDA_OPERATOR, VALKEY, (6379,), "scaling by the length of a queue", "valkey"),
    Flow(KEDA_OPERATOR, DATA_TIER, (6379,), "scaling by the length of a queue", "elasticache"),
    Flow(PROMETHEUS, KEDA, (8080,), "what scalers see, and how they fail", "keda"),
)

_EXTERNAL_DNS = (
    Flow(EXTERNAL_DNS, API_SERVER, HTTPS, "Services and routes say which names there are", "external_dns"),
    Flow(EXTERNAL_DNS, POD_IDENTITY, (80,), "external-dns fetches its role's credentials", "external_dns"),
    Flow(EXTERNAL_DNS, AwsApis("route53"), HTTPS, "records of the hosted zones", "external_dns"),
    Flow(PROMETHEUS, EXTERNAL_DNS, (7979,), "how the last synchronisation went", "external_dns"),
)

# It asks Prometheus and is asked by it within their common namespace.
_OPENCOST = (
    Flow(OPENCOST, API_SERVER, HTTPS, "what runs on which node", "opencost"),
    Flow(OPENCOST, Host("pricing.us-east-1.amazonaws.com"), HTTPS, "AWS's public price list", "opencost"),
    Flow(OPENCOST, POD_IDENTITY, (80,), "OpenCost fetches its role's credentials", "opencost"),
    Flow(OPENCOST, AwsApis("ec2"), HTTPS, "what Spot capacity costs now", "opencost"),
)

SERVICE_FLOWS = (*_KEDA, *_EXTERNAL_DNS, *_OPENCOST)
