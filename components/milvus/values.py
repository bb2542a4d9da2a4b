"""What Milvus's chart is told: objects and log in S3, users on, no root, and a size for every pod."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.scheduling import MONITOR_LABELS, spread
from components.core.aws import Place
from components.milvus.etcd import etcd_values
from components.milvus.names import SERVICE_ACCOUNT
from components.milvus.pods import component_labels
from components.milvus.secrets import PASSWORD, ROOT_SECRET
from components.milvus.spec import (
    SHARED,
    ClusterMilvus,
    Instance,
    MilvusSpec,
    QueryNodeSpec,
    StandaloneMilvus,
)

LOCAL = "/var/lib/milvus-local"
"""Every process makes a directory when it starts, and ends if it cannot. By default that is below a directory
that is root's in the image, and that the chart gives a volume in some components only."""

ROOT_PATH = "milvus"

# Each tenant has a database, a user and a role; the defaults end at 64, 100 and 10.
USER_YAML = f"""\
common:
  security:
    authorizationEnabled: true
    # Otherwise every user may describe every collection of every tenant.
    enablePublicPrivilege: false
localStorage:
  path: {LOCAL}/data/
woodpecker:
  storage:
    rootPath: {LOCAL}/wp
rootCoord:
  maxDatabaseNum: 1024
proxy:
  maxUserNum: 1024
  maxRoleNum: 1024
"""

POD_SECURITY = {
    "runAsNonRoot": True,
    # The image's files are root:root 0774 (2.6.1), later milvus:milvus with uid 999 (milvus-io/milvus#44524):
    # only this user in this group can run both. With 1000:1000 Milvus ends with exit code 126.
    "runAsUser": 999,
    "runAsGroup": 0,
    "fsGroup": 999,
    "fsGroupChangePolicy": "OnRootMismatch",
    "seccompProfile": {"type": "RuntimeDefault"},
}
CONTAINER_SECURITY = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}

ROOT_PASSWORD = {
    "name": "COMMON_SECURITY_DEFAULTROOTPASSWORD",
    "valueFrom": {"secretKeyRef": {"name": ROOT_SECRET, "key": PASSWORD}},
}
"""Only for whoever makes the first user: the coordinator, or the one process that is everything."""


def values(
    place: Place,
    spec: MilvusSpec,
    *,
    bucket: str,
    monitored: bool,
    retain: bool = False,
    instance: Instance = SHARED,
) -> dict[str, Any]:
    """Values of either mode; `monitored` where the ServiceMonitor kind exists."""
    monitor = {"enabled": monitored, "additionalLabels": dict(MONITOR_LABELS)}
    return {
        "image": {
            "all": {"repository": images.MILVUS.repository, "tag": images.MILVUS.pinned_tag},
        },
        # Ours: it carries the role's ARN, and the chart's would be made anew with every release.
        "serviceAccount": {"create": False, "name": SERVICE_ACCOUNT},
        "securityContext": POD_SECURITY,
        "containerSecurityContext": CONTAINER_SECURITY,
        "metrics": {"serviceMonitor": monitor},
        "log": {"format": "json"},
        "extraConfigFiles": {"user.yaml": USER_YAML},
        "volumes": [{"name": "local", "emptyDir": {}}],
        "volumeMounts": [{"name": "local", "mountPath": LOCAL}],
        **_storage(place, bucket),
        **_mode(spec, instance),
        "etcd": etcd_values(spec, instance, retain=retain),
    }


def _storage(place: Place, bucket: str) -> dict[str, Any]:
    return {
        "minio": {"enabled": False},
        "externalS3": {
            "enabled": True,
            # Bare: a scheme here is "too many colons in address" (milvus-io/milvus#17292).
            "host": f"s3.{place.region}.{place.dns_suffix}",
            "port": "443",
            "useSSL": True,
            "useIAM": True,
            "cloudProvider": "aws",
            "region": place.region,
            "bucketName": bucket,
            "rootPath": ROOT_PATH,
        },
        # On by default, with 13 pods and 900 GiB of volumes. Without Woodpecker there would be no log at all.
        "pulsarv3": {"enabled": False},
        "woodpecker": {"enabled": True},
        # "minio" is the same bucket as above; "local" panics in a cluster (milvus-io/milvus#48667).
        "streaming": {"enabled": True, "woodpecker": {"embedded": True, "storage": {"type": "minio"}}},
    }


def _mode(spec: MilvusSpec, instance: Instance) -> dict[str, Any]:
    match spec:
        case StandaloneMilvus():
            return {"cluster": {"enabled": False}, "standalone": _standalone(spec)}
        case ClusterMilvus():
            return {
                "cluster": {"enabled": True},
                "mixCoordinator": {
                    **_worker(instance, "mixcoord", spec.coordinator.replicas, spec.coordinator.resources),
                    # The chart refuses two without it.
                    "activeStandby": {"enabled": spec.coordinator.replicas > 1},
                    "extraEnv": [ROOT_PASSWORD],
                },
                "proxy": _worker(instance, "proxy", spec.proxy.replicas, spec.proxy.resources),
                "queryNode": _query_node(instance, spec.query_node),
                "dataNode": _worker(instance, "datanode", spec.data_node.replicas, spec.data_node.resources),
                "streamingNode": _worker(
                    instance, "streamingnode", spec.streaming_node.replicas, spec.streaming_node.resources
                ),
            }


def _standalone(spec: StandaloneMilvus) -> dict[str, Any]:
    return {
        "messageQueue": "woodpecker",
        "resources": _with_disk(spec.resources, spec.local_disk_gib),
        "disk": {"size": {"enabled": True}},
        "extraEnv": [ROOT_PASSWORD],
        # Log and segments are in the bucket. The chart's 50 GiB claim would hold a cache, tie the pod to a
        # zone, and outlive the release.
        "persistence": {"enabled": False},
    }


def _worker(
    instance: Instance, component: str, replicas: int, resources: ContainerResources
) -> dict[str, Any]:
    return {
        "replicas": replicas,
        "resources": resources.values(),
        **(
            {"topologySpreadConstraints": spread(component_labels(instance, component))}
            if replicas > 1
            else {}
        ),
    }


def _query_node(instance: Instance, spec: QueryNodeSpec) -> dict[str, Any]:
    node = {
        **_worker(instance, "querynode", spec.most_replicas, spec.resources),
        "resources": _with_disk(spec.resources, spec.local_disk_gib),
        "disk": {"size": {"enabled": True}},
    }
    scaling = spec.autoscaling
    if scaling is None:
        return node
    return {
        **node,
        # The chart's way to leave the field to whoever scales; `hpa` alone would still set it.
        "replicas": -1,
        "hpa": {
            "enabled": True,
            "minReplicas": scaling.min_replicas,
            "maxReplicas": scaling.max_replicas,
            "cpuUtilization": scaling.cpu_percent,
            "memoryUtilization": scaling.memory_percent,
        },
    }


def _with_disk(resources: ContainerResources, gib: int) -> dict[str, dict[str, str]]:
    """With a bound on the node's disk: Milvus reads it, and stops before the kubelet evicts the pod."""
    disk = {"ephemeral-storage": f"{gib}Gi"}
    return {"requests": {**resources.requests, **disk}, "limits": {**resources.limits, **disk}}
