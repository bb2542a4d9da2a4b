"""What the objects of a Milvus are called, whichever one it is."""

from __future__ import annotations

from components.milvus.spec import Instance

SERVICE_ACCOUNT = "milvus"
"""In each Milvus's own namespace; its role is named after the Milvus."""

METRICS_PORT = 9091
ETCD_METRICS_PORT = 2381
"""Of its own: the client port also serves /metrics, and everything else that etcd holds, to whoever asks."""


def etcd(instance: Instance) -> str:
    """The StatefulSet and the Service that the chart makes."""
    return f"{instance.name}-etcd"


def etcd_metrics(instance: Instance) -> str:
    """The Service and the ServiceMonitor that we put beside it."""
    return f"{etcd(instance)}-metrics"
