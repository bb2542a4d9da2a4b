"""What cert-manager's chart is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.cert_manager.pods import (
    CAINJECTOR_LABELS,
    CONTROLLER_LABELS,
    NAMESPACE,
    STARTUP_CHECK_RESOURCES,
    WEBHOOK_LABELS,
    WEBHOOK_RESOURCES,
)
from components.cert_manager.spec import CertManagerSpec
from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.scheduling import MONITOR_LABELS, PRIORITY, disruption_budget, spread, tolerations


def _deployment(
    replicas: int, resources: ContainerResources, labels: Mapping[str, str], image: images.Image
) -> dict[str, Any]:
    return {
        "replicaCount": replicas,
        "resources": resources.values(),
        "podDisruptionBudget": disruption_budget(replicas),
        "topologySpreadConstraints": spread(labels),
        "tolerations": tolerations(),
        "image": dict(image.values()),
    }


def values(spec: CertManagerSpec, *, monitored: bool) -> dict[str, Any]:
    """Every pod sized and tolerating the bootstrap nodes, CRDs upgraded with the chart and never deleted.

    Security contexts are the chart's own: they pass `restricted`.
    """
    return {
        # The chart leaves its CRDs out by default. They are templates, so this release upgrades them; kept on
        # uninstall, because deleting a CRD deletes every certificate (pulumi/pulumi-kubernetes#2882).
        "crds": {"enabled": True, "keep": True},
        "global": {
            "priorityClassName": PRIORITY,
            # The default is kube-system, where the controller would need a Role of its own.
            "leaderElection": {"namespace": NAMESPACE},
        },
        **_deployment(spec.replicas, spec.resources, CONTROLLER_LABELS, images.CERT_MANAGER_CONTROLLER),
        "webhook": _deployment(
            spec.webhook_replicas, WEBHOOK_RESOURCES, WEBHOOK_LABELS, images.CERT_MANAGER_WEBHOOK
        ),
        "cainjector": _deployment(
            spec.replicas, spec.resources, CAINJECTOR_LABELS, images.CERT_MANAGER_CAINJECTOR
        ),
        "acmesolver": {"image": dict(images.CERT_MANAGER_ACMESOLVER.values())},
        "startupapicheck": {
            "resources": STARTUP_CHECK_RESOURCES.values(),
            "tolerations": tolerations(),
            "image": dict(images.CERT_MANAGER_STARTUPAPICHECK.values()),
        },
        "prometheus": {
            "servicemonitor": {
                "enabled": monitored,
                # Labels are not honoured by default: `namespace` would be the controller's, not the certificate's.
                **({"labels": dict(MONITOR_LABELS), "honorLabels": True} if monitored else {}),
            }
        },
    }
