"""Who reaches the stores outside the cluster, and the jobs that set stores up."""

from __future__ import annotations

from components.isolation.ends import POD_IDENTITY, TENANTS, AwsApis, Flow, Host, Pods
from components.isolation.flows.gateway import RATE_LIMIT
from components.isolation.flows.observability import DATA_TIER, LANGFUSE
from components.isolation.flows.places import AGENTS, HTTPS, KAGENT

DATABASE_JOB = Pods("ai-data", {"app.kubernetes.io/name": "postgres-bootstrap"})
CACHE_JOB = Pods("ai-data", {"app.kubernetes.io/name": "cache-users"})
CACHE_ABROAD = Host("cache.external")
"""A cache of somebody else: its real name is inside its secret, so that no policy can hold it."""

POSTGRES = (5432,)
CACHE = (6379,)

STORE_FLOWS = (
    Flow(DATABASE_JOB, DATA_TIER, POSTGRES, "it makes roles and databases", "postgres"),
    Flow(
        CACHE_JOB, AwsApis("elasticache"), HTTPS, "it sets the passwords of the cache's users", "elasticache"
    ),
    Flow(CACHE_JOB, POD_IDENTITY, (80,), "the job fetches its role's credentials", "elasticache"),
    Flow(AGENTS, DATA_TIER, CACHE, "sessions and queues", "elasticache"),
    Flow(TENANTS, DATA_TIER, CACHE, "sessions and queues", "elasticache"),
    Flow(KAGENT, DATA_TIER, POSTGRES, "sessions of agents", "kagent"),
    *(
        Flow(source, CACHE_ABROAD, CACHE, "sessions, queues and limits", "external_cache")
        # Not tenants: there is one URL, and whoever has it has every key.
        for source in (LANGFUSE, RATE_LIMIT, AGENTS)
    ),
)
