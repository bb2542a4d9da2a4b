"""What kube-prometheus-stack's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.images import Image
from components.charts.storage import STORAGE_CLASS, volume_claim
from components.core.labels import POOL_LABEL, TENANT_LABEL
from components.prometheus.pods import (
    ADMISSION_RESOURCES,
    ALERTMANAGER_RESOURCES,
    NAMESPACE,
    NODE_EXPORTER_RESOURCES,
    NODE_NAMESPACE,
    OPERATOR_RESOURCES,
    RELOADER_RESOURCES,
    SIDECAR_RESOURCES,
    STATE_METRICS_RESOURCES,
)
from components.prometheus.secrets import GRAFANA_ADMIN
from components.prometheus.spec import GrafanaSpec, PrometheusSpec

DASHBOARD_LABEL = "grafana_dashboard"
FOLDER_ANNOTATION = "grafana_folder"

HIDDEN_ON_EKS = ("kubeEtcd", "kubeScheduler", "kubeControllerManager", "kubeProxy")
"""AWS runs the first three out of reach; kube-proxy binds its metrics to the node's loopback address
(aws/containers-roadmap#657). Left on, each is an alert that never ends."""

HIDDEN_RULES = (
    "etcd",
    "kubeSchedulerAlerting",
    "kubeSchedulerRecording",
    "kubeControllerManager",
    "kubeProxy",
)
SELECTORS = ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")

STATE_COLLECTORS = (
    "cronjobs",
    "daemonsets",
    "deployments",
    "horizontalpodautoscalers",
    "jobs",
    "limitranges",
    "namespaces",
    "networkpolicies",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "poddisruptionbudgets",
    "pods",
    "replicasets",
    "resourcequotas",
    "services",
    "statefulsets",
    "storageclasses",
    "validatingwebhookconfigurations",
)
"""The chart's own list also has Secrets and ConfigMaps, and each collector is a right to read its kind in every
namespace: whoever took over this pod would read every tenant's secrets."""


def values(spec: PrometheusSpec) -> dict[str, Any]:
    """Everything sized and `restricted` but the node exporter, which has a namespace of its own.

    CRDs are a release of their own, which upgrades them; this chart never would.
    """
    return {
        "crds": {"enabled": False},
        **{name: {"enabled": False} for name in HIDDEN_ON_EKS},
        "defaultRules": {"rules": dict.fromkeys(HIDDEN_RULES, False)},
        "kube-state-metrics": {
            "image": _image(images.KUBE_STATE_METRICS),
            "resources": STATE_METRICS_RESOURCES.values(),
            "collectors": list(STATE_COLLECTORS),
            # Off by default: without it no query can tell whose namespace, or which pool's node, it sees.
            "metricLabelsAllowlist": [
                f"namespaces=[{TENANT_LABEL}]",
                f"nodes=[{POOL_LABEL},karpenter.sh/capacity-type,node.kubernetes.io/instance-type]",
            ],
        },
        "prometheus-node-exporter": {
            # Host network, host PID and the host's root: only a privileged namespace admits it.
            "namespaceOverride": NODE_NAMESPACE,
            "image": {
                **_parts(images.NODE_EXPORTER),
                "tag": images.NODE_EXPORTER.tag,
                # Would be appended to the tag, which has it already.
                "distroless": False,
                **({"digest": images.NODE_EXPORTER.digest} if images.NODE_EXPORTER.digest else {}),
            },
            "resources": NODE_EXPORTER_RESOURCES.values(),
            "priorityClassName": "system-node-critical",
        },
        "prometheusOperator": {
            "image": _image(images.PROMETHEUS_OPERATOR),
            "resources": OPERATOR_RESOURCES.values(),
            "prometheusConfigReloader": {
                "image": _image(images.PROMETHEUS_CONFIG_RELOADER),
                "resources": RELOADER_RESOURCES.values(),
            },
            "admissionWebhooks": {
                "patch": {
                    "image": _image(images.WEBHOOK_CERTGEN),
                    "resources": ADMISSION_RESOURCES.values(),
                }
            },
        },
        "alertmanager": {"alertmanagerSpec": _alertmanager(spec)},
        "grafana": _grafana(spec.grafana),
        "prometheus": {
            # Two Prometheuses scrape at different moments: a dashboard that changes between them jumps.
            "service": {"sessionAffinity": "ClientIP"},
            "prometheusSpec": _prometheus(spec),
        },
    }


def _prometheus(spec: PrometheusSpec) -> dict[str, Any]:
    return {
        "image": _image(images.PROMETHEUS),
        "replicas": spec.replicas,
        "retention": f"{spec.retention_days}d",
        "retentionSize": f"{spec.retention_size_gib}GiB",
        # By default only objects that carry this release's label are seen, and a monitor without it is
        # passed over in silence.
        **{f"{selector}SelectorNilUsesHelmValues": False for selector in SELECTORS},
        # The collectors' metrics arrive this way; samples of two collectors may cross on their way.
        "enableRemoteWriteReceiver": True,
        "tsdb": {"outOfOrderTimeWindow": "10m"},
        "storageSpec": {"volumeClaimTemplate": {"spec": volume_claim(spec.storage_gib)}},
        "resources": spec.resources.values(),
        "podAntiAffinity": _apart(spec.replicas),
    }


def _alertmanager(spec: PrometheusSpec) -> dict[str, Any]:
    return {
        "image": _image(images.ALERTMANAGER),
        "replicas": spec.alertmanager_replicas,
        "storage": {"volumeClaimTemplate": {"spec": volume_claim(2)}},
        "resources": ALERTMANAGER_RESOURCES.values(),
        "podAntiAffinity": _apart(spec.alertmanager_replicas),
    }


def _apart(replicas: int) -> str:
    """`hard` where there is something to keep apart: two replicas on one node are lost together."""
    return "hard" if replicas > 1 else "soft"


def _grafana(spec: GrafanaSpec) -> dict[str, Any]:
    return {
        "image": _image(images.GRAFANA),
        "admin": {
            "existingSecret": GRAFANA_ADMIN.name,
            "userKey": "admin-user",
            "passwordKey": "admin-password",
        },
        "persistence": {
            "enabled": True,
            "storageClassName": STORAGE_CLASS,
            "size": f"{spec.storage_gib}Gi",
        },
        # The volume is for one node: a rolling update would wait for ever.
        "deploymentStrategy": {"type": "Recreate"},
        # Root with CHOWN; the volume's group does the same.
        "initChownData": {"enabled": False},
        # A pod that only `baseline` admits, for `helm test`.
        "testFramework": {"enabled": False},
        "resources": spec.resources.values(),
        # By default the sidecars may read every Secret of the cluster, to find dashboards anywhere.
        "rbac": {"namespaced": True},
        "sidecar": {
            "image": _image(images.GRAFANA_SIDECAR),
            "resources": SIDECAR_RESOURCES.values(),
            "dashboards": {
                "searchNamespace": NAMESPACE,
                "label": DASHBOARD_LABEL,
                "labelValue": "1",
                "folderAnnotation": FOLDER_ANNOTATION,
                "provider": {"foldersFromFilesStructure": True},
            },
            "datasources": {"searchNamespace": NAMESPACE},
        },
        "grafana.ini": {
            "analytics": {"reporting_enabled": False, "check_for_updates": False},
            "users": {"allow_sign_up": False},
            **({"server": {"root_url": f"https://{spec.host}"}} if spec.host else {}),
        },
    }


def _parts(image: Image) -> dict[str, str]:
    registry, _, repository = image.repository.partition("/")
    return {"registry": registry, "repository": repository}


def _image(image: Image) -> dict[str, str]:
    """The four parts as this chart and its subcharts have them; `sha` is the digest without its algorithm."""
    digest = {"sha": image.digest.removeprefix("sha256:")} if image.digest else {}
    return {**_parts(image), "tag": image.tag, **digest}
