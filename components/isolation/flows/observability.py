"""What the parts that watch the others need themselves."""

from __future__ import annotations

from components.isolation.ends import API_SERVER, POD_IDENTITY, TENANTS, AwsApis, Flow, Pods, SubnetTier
from components.isolation.flows.places import (
    AGENTS,
    COLLECTOR,
    COLLECTOR_AGENTS,
    GATEWAY,
    HTTPS,
    INFERENCE,
    OTLP_PORTS,
    PROMETHEUS,
    WEBHOOK,
)

PROMETHEUS_OPERATOR = Pods("observability", {"app": "kube-prometheus-stack-operator"})
STATE_METRICS = Pods("observability", {"app.kubernetes.io/name": "kube-state-metrics"})
GRAFANA = Pods("observability", {"app.kubernetes.io/name": "grafana"})
# Two jobs of the operator's chart: they make its webhook's certificate.
ADMISSION_JOBS = Pods("observability", {"app.kubernetes.io/component": "prometheus-operator-webhook"})
LANGFUSE = Pods("observability", {"app.kubernetes.io/name": "langfuse"})
CLICKHOUSE = Pods("observability", {"clickhouse.com/role": "clickhouse-server"})
KEEPER = Pods("observability", {"clickhouse.com/role": "clickhouse-keeper"})
CLICKHOUSE_OPERATOR = Pods("clickhouse-operator", {"app.kubernetes.io/name": "clickhouse-operator"})
VALKEY = Pods("ai-data", {"app.kubernetes.io/name": "valkey"})
DATA_TIER = SubnetTier("data")

AGENTS_PORT = 4319
"""Where the gateway believes what it is told about tenants: no one but agents may reach it."""

_PROMETHEUS = (
    Flow(PROMETHEUS_OPERATOR, API_SERVER, HTTPS, "monitors and rules are API objects", "prometheus"),
    Flow(API_SERVER, PROMETHEUS_OPERATOR, WEBHOOK, "admission of rules", "prometheus"),
    Flow(ADMISSION_JOBS, API_SERVER, HTTPS, "the webhook's certificate", "prometheus"),
    Flow(STATE_METRICS, API_SERVER, HTTPS, "the state of every object, as series", "prometheus"),
    Flow(GRAFANA, API_SERVER, HTTPS, "its sidecars collect dashboards", "prometheus"),
)

_COLLECTORS = (
    *(
        Flow(source, COLLECTOR_AGENTS, OTLP_PORTS, "telemetry to the node's own collector", "otel")
        for source in (TENANTS, AGENTS, GATEWAY, INFERENCE)
    ),
    Flow(COLLECTOR_AGENTS, COLLECTOR, (AGENTS_PORT,), "logs, and telemetry whose tenant is known", "otel"),
    Flow(COLLECTOR_AGENTS, API_SERVER, HTTPS, "which pod a log or a connection belongs to", "otel"),
    Flow(COLLECTOR, API_SERVER, HTTPS, "which pod a connection belongs to", "otel"),
    Flow(COLLECTOR, POD_IDENTITY, (80,), "the collector fetches its role's credentials", "otel"),
    Flow(COLLECTOR, AwsApis("logs", "xray"), HTTPS, "logs and traces are kept by AWS", "otel"),
    Flow(PROMETHEUS, COLLECTOR_AGENTS, (8888,), "what collectors take in and lose", "otel"),
)

_LANGFUSE = (
    Flow(LANGFUSE, POD_IDENTITY, (80,), "Langfuse fetches its role's credentials", "langfuse"),
    Flow(LANGFUSE, AwsApis("s3"), HTTPS, "events, media and exports", "langfuse"),
    Flow(LANGFUSE, DATA_TIER, (5432,), "its Postgres database", "postgres"),
    Flow(LANGFUSE, DATA_TIER, (6379,), "its queues", "elasticache"),
    Flow(LANGFUSE, VALKEY, (6379,), "its queues", "valkey"),
    Flow(CLICKHOUSE_OPERATOR, API_SERVER, HTTPS, "clusters are API objects", "langfuse"),
    Flow(API_SERVER, CLICKHOUSE_OPERATOR, (9443,), "admission of ClickHouse clusters", "langfuse"),
    Flow(CLICKHOUSE_OPERATOR, CLICKHOUSE, (8123, 9000, 9001), "it makes users and databases", "langfuse"),
    Flow(CLICKHOUSE_OPERATOR, KEEPER, (2181,), "it asks the quorum for its health", "langfuse"),
    Flow(PROMETHEUS, CLICKHOUSE_OPERATOR, (8080,), "how its reconciliations fare", "langfuse"),
)

OBSERVABILITY_FLOWS = (*_PROMETHEUS, *_COLLECTORS, *_LANGFUSE)
