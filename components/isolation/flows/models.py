"""What model servers need: their weights, and for servers of one's own what their programs ask.

Who reaches them, and their metrics, is in `functions`, `tenants` and `metrics`: by port, for every server alike.
"""

from __future__ import annotations

from components.isolation.ends import POD_IDENTITY, AwsApis, Flow, Pods
from components.isolation.flows.gateway import INTERNAL, PROXIES
from components.isolation.flows.observability import DATA_TIER, VALKEY
from components.isolation.flows.places import HTTPS

FETCHERS = Pods("ai-inference", {"agentic.dev/weights": "s3"})
"""Only pods that copy weights; one whose weights are an image reaches nothing outside the cluster."""

OWN_SERVERS = Pods("ai-inference", {"agentic.dev/engine": "byo"})
"""Servers in images of one's own: LangGraph keeps its threads in Postgres and its queue in Redis."""

MODEL_FLOWS = (
    Flow(FETCHERS, POD_IDENTITY, (80,), "credentials of the role that reads weights", "models"),
    Flow(FETCHERS, AwsApis("s3"), HTTPS, "weights and adapters", "models"),
    Flow(OWN_SERVERS, PROXIES, INTERNAL, "graphs and chains ask models, with a key", "models"),
    Flow(OWN_SERVERS, DATA_TIER, (5432, 6379), "threads and queues in databases of AWS", "models"),
    Flow(OWN_SERVERS, VALKEY, (6379,), "queues in the cluster", "models"),
)
