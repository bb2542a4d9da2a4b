"""The etcd of Milvus: what its part of the chart is told, and how Prometheus finds it."""

from __future__ import annotations

from typing import Any

from pulumi_kubernetes.core.v1 import ServiceSpecArgsDict

from components.charts import images
from components.charts.scheduling import MONITOR_LABELS
from components.charts.storage import STORAGE_CLASS
from components.milvus.names import ETCD_METRICS_PORT, etcd_metrics
from components.milvus.pods import etcd_labels
from components.milvus.spec import Instance, MilvusSpec


def etcd_values(spec: MilvusSpec, instance: Instance, *, retain: bool) -> dict[str, Any]:
    """One member, or three that no node and no zone has two of."""
    registry, _, repository = images.MILVUS_ETCD.repository.partition("/")
    several = spec.etcd_replicas > 1
    return {
        "image": {"registry": registry, "repository": repository, **images.MILVUS_ETCD.values()},
        "replicaCount": spec.etcd_replicas,
        "resources": spec.etcd.resources.values(),
        "persistence": {"storageClass": STORAGE_CLASS, "size": f"{spec.etcd.storage_gib}Gi"},
        # By default volumes outlive the release and fall with the namespace, when the driver that could
        # delete them in AWS is gone.
        "persistentVolumeClaimRetentionPolicy": {
            "enabled": True,
            "whenDeleted": "Retain" if retain else "Delete",
            "whenScaled": "Retain",
        },
        "pdb": {"create": several, "minAvailable": spec.etcd_replicas // 2 + 1},
        **(
            {"podAntiAffinityPreset": "hard", "topologySpreadConstraints": _zones(instance)}
            if several
            else {}
        ),
        # A member with a volume stays a member while its pod moves; one that removes itself on the way out
        # often cannot return (etcd-io/etcd#14542, bitnami/charts#16069).
        "removeMemberOnContainerTermination": False,
        "podSecurityContext": {
            "enabled": True,
            "fsGroup": 1001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containerSecurityContext": {
            "enabled": True,
            "runAsUser": 1001,
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
        # A list, so the chart's own three have to be repeated.
        "extraEnvVars": [
            {"name": name, "value": value}
            for name, value in (
                ("ETCD_QUOTA_BACKEND_BYTES", "4294967296"),
                ("ETCD_HEARTBEAT_INTERVAL", "500"),
                ("ETCD_ELECTION_TIMEOUT", "2500"),
                ("ETCD_LISTEN_METRICS_URLS", f"http://0.0.0.0:{ETCD_METRICS_PORT}"),
            )
        ],
    }


def _zones(instance: Instance) -> list[dict[str, Any]]:
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            # Volumes hold their pods in a zone for ever: the first choice is the only one.
            "whenUnsatisfiable": "DoNotSchedule",
            "nodeTaintsPolicy": "Honor",
            "labelSelector": {"matchLabels": etcd_labels(instance)},
        }
    ]


def metrics_labels(instance: Instance) -> dict[str, str]:
    """What the ServiceMonitor finds that Service by."""
    return {"app.kubernetes.io/name": etcd_metrics(instance)}


def metrics_service(instance: Instance) -> ServiceSpecArgsDict:
    """The spec of a Service for the metrics port alone: the chart's Services have only the other two."""
    return {
        "cluster_ip": "None",
        "selector": etcd_labels(instance),
        "ports": [{"name": "metrics", "port": ETCD_METRICS_PORT, "target_port": ETCD_METRICS_PORT}],
    }


def service_monitor(instance: Instance) -> dict[str, Any]:
    """The spec of the ServiceMonitor for it."""
    return {
        "endpoints": [{"port": "metrics", "interval": "30s"}],
        "namespaceSelector": {"matchNames": [instance.namespace]},
        "selector": {"matchLabels": metrics_labels(instance)},
    }


def monitor_labels(instance: Instance) -> dict[str, str]:
    """What Prometheus finds the ServiceMonitor by."""
    return {**metrics_labels(instance), **MONITOR_LABELS}
