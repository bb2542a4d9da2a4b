"""ClickHouse and its quorum as custom resources of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.charts import images
from components.charts.images import Image
from components.charts.pods import ContainerResources, PodClass
from components.charts.storage import volume_claim
from components.langfuse.names import CLUSTER
from components.langfuse.pods import KEEPER_RESOURCES
from components.langfuse.secrets import CLICKHOUSE
from components.langfuse.spec import ClickHouseSpec

API_VERSION = "clickhouse.com/v1alpha1"
MONITOR_API_VERSION = "monitoring.coreos.com/v1"
KEEPER_STORAGE_GIB = 10
UID = 101
"""`clickhouse` in the official images, which name their user and so cannot prove that it is not root."""


def keeper_cluster(spec: ClickHouseSpec) -> dict[str, Any]:
    """The spec of a KeeperCluster whose pods pass `restricted`."""
    return {
        "replicas": spec.keeper_replicas,
        "dataVolumeClaimSpec": volume_claim(KEEPER_STORAGE_GIB),
        "podTemplate": _pod_template(spec.keeper_replicas),
        "containerTemplate": _container(images.CLICKHOUSE_KEEPER, KEEPER_RESOURCES),
    }


def clickhouse_cluster(spec: ClickHouseSpec) -> dict[str, Any]:
    """The spec of a ClickHouseCluster of one shard, which is all that Langfuse can use."""
    return {
        "replicas": spec.replicas,
        "shards": 1,
        "keeperClusterRef": {"name": CLUSTER},
        "dataVolumeClaimSpec": volume_claim(spec.storage_gib),
        "podTemplate": _pod_template(spec.replicas),
        "containerTemplate": _container(images.CLICKHOUSE_SERVER, spec.resources),
        "settings": {
            "defaultUserPassword": {"secret": {"name": CLICKHOUSE.name, "key": "password"}},
            # The default is every statement and every part at `trace`, on the volume that holds the traces.
            "logger": {"level": "information", "jsonLogs": True, "size": "100M", "count": 5},
        },
    }


def pod_monitor(pod: PodClass) -> dict[str, Any]:
    """The spec of a PodMonitor: the operator makes no Service that carries the metrics port."""
    return {
        "selector": {"matchLabels": dict(pod.labels)},
        "podMetricsEndpoints": [{"port": pod.port("prometheus").name, "interval": "30s"}],
    }


def operator_monitor(labels: Mapping[str, str]) -> dict[str, Any]:
    """The spec of the operator's ServiceMonitor; the chart's own wants TLS where the port has none."""
    return {
        "selector": {"matchLabels": dict(labels)},
        "endpoints": [{"port": "metrics", "interval": "30s"}],
    }


def _pod_template(replicas: int) -> dict[str, Any]:
    apart = {
        "topologyZoneKey": "topology.kubernetes.io/zone",
        "nodeHostnameKey": "kubernetes.io/hostname",
    }
    return {
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": UID,
            "runAsGroup": UID,
            "fsGroup": UID,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **(apart if replicas > 1 else {}),
    }


def _container(image: Image, resources: ContainerResources) -> dict[str, Any]:
    # The kind takes a tag or a hash, never both.
    version = {"hash": image.digest} if image.digest else {"tag": image.tag}
    return {
        "image": {"repository": image.repository, **version},
        "resources": resources.values(),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            # Said though empty: left out, the operator fills in IPC_LOCK, PERFMON and SYS_PTRACE, and a
            # namespace that is not privileged refuses every pod.
            "capabilities": {"add": [], "drop": ["ALL"]},
        },
    }
