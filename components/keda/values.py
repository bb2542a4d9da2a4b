"""What KEDA's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.charts.images import Image
from components.charts.scheduling import MONITOR_LABELS, spread
from components.keda.pods import (
    METRICS_APISERVER,
    METRICS_RESOURCES,
    OPERATOR,
    WEBHOOK_RESOURCES,
    WEBHOOKS,
    selector,
)
from components.keda.spec import KedaSpec

OWN_NAMESPACE_LABEL: tuple[dict[str, Any], ...] = (
    {
        "action": "replace",
        "sourceLabels": ["exported_namespace"],
        "regex": "(.+)",
        "targetLabel": "namespace",
    },
    {"action": "labeldrop", "regex": "exported_namespace"},
)
"""`namespace` is that of the scaled object and not KEDA's own: the chart has no value for `honorLabels`."""


def values(spec: KedaSpec, *, monitored: bool) -> dict[str, Any]:
    """Three parts that survive a drain, and an operator that can read neither tenants' secrets nor every kind.

    All namespaces are watched: a list would name the tenants in a shared release, and each new one would
    restart it. Security contexts are the chart's own: they pass `restricted`.
    """
    budget = {"maxUnavailable": 1} if spec.replicas > 1 else {}
    monitor = _monitor(monitored=monitored)
    return {
        # Templates, so this release upgrades them. With them would go every scaled object, and a workload
        # that was scaled to zero would stay there.
        "crds": {"additionalAnnotations": {"helm.sh/resource-policy": "keep"}},
        "image": {
            # Always, by default: no pod could be replaced while the registry is down.
            "pullPolicy": "IfNotPresent",
            "keda": _image(images.KEDA_OPERATOR),
            "metricsApiServer": _image(images.KEDA_METRICS_APISERVER),
            "webhooks": _image(images.KEDA_ADMISSION_WEBHOOKS),
        },
        "operator": {"replicaCount": spec.replicas},
        "metricsServer": {"replicaCount": spec.replicas},
        "webhooks": {"replicaCount": spec.replicas},
        # By default the operator makes its own certificates, for which it may change every admission webhook
        # and API service of the cluster.
        "certificates": {"certManager": {"enabled": True}},
        # By default it may list every Secret, and `get` anything at all so as to scale custom kinds: Secrets
        # again. Deployments and StatefulSets need neither. A login comes from a Secret in KEDA's own
        # namespace, by ClusterTriggerAuthentication.
        "permissions": {
            "operator": {"restrict": {"secret": True}},
            "metricServer": {"restrict": {"secret": True}},
        },
        "rbac": {"enabledCustomScaledRefKinds": False},
        "enableServiceLinks": False,
        "resources": {
            "operator": spec.resources.values(),
            "metricServer": METRICS_RESOURCES.values(),
            "webhooks": WEBHOOK_RESOURCES.values(),
        },
        "podDisruptionBudget": {"operator": budget, "metricServer": budget, "webhooks": budget},
        "topologySpreadConstraints": {
            "operator": spread(selector(OPERATOR)),
            "metricsServer": spread(selector(METRICS_APISERVER)),
            "webhooks": spread(selector(WEBHOOKS)),
        },
        "prometheus": {"operator": monitor, "metricServer": monitor, "webhooks": monitor},
    }


def _image(image: Image) -> dict[str, str]:
    registry, _, repository = image.repository.partition("/")
    return {"registry": registry, "repository": repository, "tag": image.pinned_tag}


def _monitor(*, monitored: bool) -> dict[str, Any]:
    return {
        "enabled": True,
        "serviceMonitor": {
            "enabled": monitored,
            **(
                {
                    "additionalLabels": dict(MONITOR_LABELS),
                    "metricRelabelings": [dict(rule) for rule in OWN_NAMESPACE_LABEL],
                }
                if monitored
                else {}
            ),
        },
    }
