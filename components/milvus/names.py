"""What others call Milvus by: names known before anything exists."""

from __future__ import annotations

RELEASE = "milvus"
NAMESPACE = "ai-data"
SERVICE_ACCOUNT = "milvus"
ROLE_PURPOSE = "milvus"

PORT = 19530
"""gRPC and REST, both on one port and both without TLS."""

URI = f"http://{RELEASE}.{NAMESPACE}.svc:{PORT}"
"""What clients connect to, in either mode."""

METRICS_PORT = 9091

ETCD = f"{RELEASE}-etcd"
ETCD_METRICS = f"{ETCD}-metrics"
ETCD_METRICS_PORT = 2381
"""Of its own: the client port also serves /metrics, and everything else that etcd holds, to whoever asks."""
