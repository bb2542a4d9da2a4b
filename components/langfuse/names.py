"""What others call Langfuse's parts by: names known before anything exists."""

from __future__ import annotations

RELEASE = "langfuse"
OPERATOR_RELEASE = "clickhouse-operator"
NAMESPACE = "observability"
OPERATOR_NAMESPACE = "clickhouse-operator"
SERVICE_ACCOUNT = "langfuse"
WEB_PORT = 3000
WEB_SERVICE = f"{RELEASE}-web"

CLUSTER = "langfuse"
CLICKHOUSE_SERVICE = f"{CLUSTER}-clickhouse-headless"
"""The operator names it after the ClickHouseCluster."""

OTLP_ENDPOINT = f"http://{WEB_SERVICE}.{NAMESPACE}.svc:{WEB_PORT}/api/public/otel"
"""The base path: an OTLP exporter appends `/v1/traces`. HTTP only, there is no gRPC."""

ORGANISATION = "platform"
PROJECT = "platform"
