"""What Milvus needs: the shared one beyond its own namespace, a tenant's own in all."""

from __future__ import annotations

from components.isolation.ends import EVERY_PORT, OWN_NAMESPACE, AwsApis, Flow, Pods, TenantPods
from components.isolation.flows.places import HTTPS, PROMETHEUS

CLIENT_PORT = 19530


def _milvus(namespace: str) -> Pods:
    return Pods(namespace, {"app.kubernetes.io/name": "milvus"})


def _etcd(namespace: str, release: str) -> Pods:
    return Pods(namespace, {"app.kubernetes.io/name": "etcd", "app.kubernetes.io/instance": release})


def _beyond(milvus: Pods, etcd: Pods, part: str) -> tuple[Flow, ...]:
    return (
        Flow(milvus, AwsApis("s3"), HTTPS, "segments, indexes and the log", part),
        # No Pod Identity: its SDK for C++ asks STS itself, with a token.
        Flow(milvus, AwsApis("sts"), HTTPS, "the credentials of its role", part),
        # Not 2379, which answers the same question and any other.
        Flow(PROMETHEUS, etcd, (2381,), "how its quorum fares", part),
    )


MILVUS = _milvus("ai-data")
# Clients reach it by the flows to DATA, its processes and etcd each other by the one to OWN_NAMESPACE.
MILVUS_FLOWS = _beyond(MILVUS, _etcd("ai-data", "milvus"), "milvus")


def own_milvus_flows(tenant: str, namespace: str, release: str) -> tuple[Flow, ...]:
    """Of a Milvus that is one tenant's: that tenant's pods are its only clients, whatever flows others have.

    Nothing of the table names its namespace, so no flow of the shared stores opens it by the way.
    """
    whole, milvus = Pods(namespace), _milvus(namespace)
    return (
        Flow(TenantPods(tenant=tenant), milvus, (CLIENT_PORT,), "vectors of its own", "vectors"),
        # The job that makes its collections is there too.
        Flow(whole, OWN_NAMESPACE, EVERY_PORT, "its processes, their quorum, the job", "vectors"),
        Flow(PROMETHEUS, whole, (9091,), "Milvus metrics", "vectors"),
        *_beyond(milvus, _etcd(namespace, release), "vectors"),
    )
