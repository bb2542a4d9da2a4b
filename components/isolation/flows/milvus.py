"""What Milvus needs beyond its own namespace."""

from __future__ import annotations

from components.isolation.ends import AwsApis, Flow, Pods
from components.isolation.flows.places import HTTPS, PROMETHEUS

MILVUS = Pods("ai-data", {"app.kubernetes.io/name": "milvus"})
MILVUS_ETCD = Pods("ai-data", {"app.kubernetes.io/name": "etcd", "app.kubernetes.io/instance": "milvus"})

# Clients reach it by the flows to DATA, its processes and etcd each other by the one to OWN_NAMESPACE.
MILVUS_FLOWS = (
    Flow(MILVUS, AwsApis("s3"), HTTPS, "segments, indexes and the log", "milvus"),
    # No Pod Identity: its SDK for C++ asks STS itself, with a token.
    Flow(MILVUS, AwsApis("sts"), HTTPS, "the credentials of its role", "milvus"),
    # Not 2379, which answers the same question and any other.
    Flow(PROMETHEUS, MILVUS_ETCD, (2381,), "how its quorum fares", "milvus"),
)
