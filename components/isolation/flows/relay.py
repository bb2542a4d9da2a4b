"""Who asks the relay, and the stores it asks; providers' hosts come from the configuration (components/relay/flows)."""

from __future__ import annotations

from components.isolation.ends import Flow, Pods
from components.isolation.flows.gateway import PROXIES
from components.isolation.flows.observability import DATA_TIER, VALKEY
from components.isolation.flows.places import PROMETHEUS
from components.isolation.flows.stores import CACHE, CACHE_ABROAD, POSTGRES

RELAY = Pods("ai-gateway", {"app.kubernetes.io/name": "litellm"})
MIGRATIONS = Pods("ai-gateway", {"app.kubernetes.io/name": "relay-migrations"})
SETUP = Pods("ai-gateway", {"app.kubernetes.io/name": "relay-setup"})
PROBE = Pods("ai-gateway", {"app.kubernetes.io/name": "relay-probe"})
BATCH = Pods("ai-gateway", {"app.kubernetes.io/name": "relay-batch"})
_PORT = (4000,)

RELAY_FLOWS = (
    Flow(PROXIES, RELAY, _PORT, "requests to providers' models", "relay"),
    Flow(PROBE, RELAY, _PORT, "questions that measure latency", "relay"),
    Flow(BATCH, RELAY, _PORT, "requests that waited for the night", "relay"),
    Flow(SETUP, RELAY, _PORT, "tenants' keys and budgets", "relay"),
    Flow(PROMETHEUS, RELAY, _PORT, "what tenants ask and spend", "relay"),
    Flow(MIGRATIONS, DATA_TIER, POSTGRES, "its tables", "relay"),
    Flow(RELAY, DATA_TIER, POSTGRES, "keys, budgets and spend", "relay"),
    *(
        flow
        for source in (RELAY, BATCH)
        for flow in (
            Flow(source, VALKEY, CACHE, "answers, counts and waiting requests", "valkey"),
            Flow(source, DATA_TIER, CACHE, "answers, counts and waiting requests", "elasticache"),
            Flow(source, CACHE_ABROAD, CACHE, "answers, counts and waiting requests", "external_cache"),
        )
    ),
)
