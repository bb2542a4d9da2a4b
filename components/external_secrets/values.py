"""What the External Secrets Operator's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts.images import EXTERNAL_SECRETS
from components.charts.scheduling import MONITOR_LABELS, PRIORITY, disruption_budget, spread, tolerations
from components.external_secrets.pods import (
    CERT_CONTROLLER_LABELS,
    CERT_CONTROLLER_RESOURCES,
    CONTROLLER_LABELS,
    SERVICE_ACCOUNT,
    WEBHOOK_LABELS,
    WEBHOOK_RESOURCES,
)
from components.external_secrets.spec import ExternalSecretsSpec


def values(spec: ExternalSecretsSpec, *, monitored: bool) -> dict[str, Any]:
    """Every pod sized and tolerating the bootstrap nodes, and no right that this platform does not use.

    Security contexts are the chart's own: they pass `restricted`.
    """
    image = {"tag": EXTERNAL_SECRETS.pinned_tag}
    return {
        # CRDs are templates, so this release upgrades them. Without this annotation, which the chart does not
        # set, an uninstall or a rolled back install would delete every ExternalSecret in the cluster.
        "installCRDs": True,
        "crds": {"annotations": {"helm.sh/resource-policy": "keep"}},
        "image": image,
        "replicaCount": spec.replicas,
        # Off by default. On for one replica too: an update runs two pods for a moment.
        "leaderElect": True,
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        "rbac": {
            # By default anybody who may edit a namespace may write a SecretStore there, and a store without a
            # role reads with the operator's own identity: a tenant would read the platform's secrets.
            "aggregateToEdit": False,
            "aggregateToAdmin": False,
            # Lets the operator become any ServiceAccount in the cluster; only `auth.jwt` stores need it.
            "serviceAccountTokenCreate": False,
        },
        # Cluster-wide copies are not used; the first also asks to change Namespaces.
        "processClusterExternalSecret": False,
        "processClusterPushSecret": False,
        "priorityClassName": PRIORITY,
        "resources": spec.resources.values(),
        "tolerations": tolerations(),
        "topologySpreadConstraints": spread(CONTROLLER_LABELS),
        "podDisruptionBudget": disruption_budget(spec.replicas),
        "webhook": {
            "image": image,
            "replicaCount": spec.webhook_replicas,
            "failurePolicy": "Fail",
            "priorityClassName": PRIORITY,
            "resources": WEBHOOK_RESOURCES.values(),
            "tolerations": tolerations(),
            "topologySpreadConstraints": spread(WEBHOOK_LABELS),
            "podDisruptionBudget": disruption_budget(spec.webhook_replicas),
        },
        "certController": {
            "image": image,
            "priorityClassName": PRIORITY,
            "resources": CERT_CONTROLLER_RESOURCES.values(),
            "tolerations": tolerations(),
            "topologySpreadConstraints": spread(CERT_CONTROLLER_LABELS),
        },
        "serviceMonitor": {
            "enabled": monitored,
            # By default a missing ServiceMonitor kind is passed over in silence, and `namespace` is the
            # operator's and not the secret's.
            **(
                {
                    "renderMode": "failIfMissing",
                    "honorLabels": True,
                    "additionalLabels": dict(MONITOR_LABELS),
                }
                if monitored
                else {}
            ),
        },
    }
