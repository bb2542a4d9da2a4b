"""What Velero's chart is told."""

from __future__ import annotations

from typing import Any

from components.backup.pods import DEFINITIONS_RESOURCES, PLUGIN, PLUGIN_RESOURCES, SERVICE_ACCOUNT
from components.backup.render import LOCATION, PREFIX
from components.backup.spec import BackupSpec
from components.charts import images
from components.charts.scheduling import MONITOR_LABELS
from components.core.aws import Place

_CLOSED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def values(place: Place, spec: BackupSpec, *, bucket: str, monitored: bool) -> dict[str, Any]:
    """Objects to one prefix of one bucket; volumes by the CSI driver's snapshots, so without rights in EC2."""
    return {
        "image": {"repository": images.VELERO.repository, **images.VELERO.values()},
        "initContainers": [
            {
                "name": PLUGIN,
                "image": images.VELERO_PLUGIN_FOR_AWS.reference,
                "volumeMounts": [{"name": "plugins", "mountPath": "/target"}],
                "securityContext": _CLOSED,
                "resources": PLUGIN_RESOURCES.values(),
            }
        ],
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containerSecurityContext": _CLOSED,
        "resources": spec.resources.values(),
        "upgradeJobResources": DEFINITIONS_RESOURCES.values(),
        # By default it waits for a Secret with an access key; Pod Identity gives it a role.
        "credentials": {"useSecret": False},
        "serviceAccount": {"server": {"create": True, "name": SERVICE_ACCOUNT}},
        # Bound to cluster-admin: a restore makes objects of every kind, roles included, and Kubernetes lets
        # nobody grant what they do not have.
        "rbac": {"create": True, "clusterAdministrator": True},
        # The plugin's own snapshots, by EC2 calls of Velero's; the CSI driver makes ours.
        "snapshotsEnabled": False,
        # Copies files out of volumes as root on every node; snapshots make it unnecessary.
        "deployNodeAgent": False,
        "configuration": {
            "features": "EnableCSI",
            "backupStorageLocation": [
                {
                    "name": LOCATION,
                    "provider": "aws",
                    "bucket": bucket,
                    "prefix": PREFIX,
                    "default": True,
                    "config": {"region": place.region},
                }
            ],
        },
        "metrics": {
            "serviceMonitor": {
                "enabled": monitored,
                # By default a missing ServiceMonitor kind is passed over in silence.
                "autodetect": False,
                **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
            }
        },
    }
