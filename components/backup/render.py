"""When what is backed up: Velero's schedule, and AWS Backup's plan and selections."""

from __future__ import annotations

from typing import Any

from pulumi_aws.backup import PlanRuleArgsDict, SelectionConditionArgsDict

from components.backup.spec import BackupSpec
from components.core.aws import Place
from components.core.labels import CLUSTER_TAG

API_VERSION = "velero.io/v1"
LOCATION = "default"
PREFIX = "velero"
"""Of the backups bucket; Velero refuses a prefix in which it finds what is not its own."""

SCHEDULE = "everything"
SNAPSHOT_CLASS_ANNOTATION = "velero.io/csi-volumesnapshot-class"

NOT_WORTH_KEEPING = (
    "events",
    "events.events.k8s.io",
    # Made by whoever runs nodes, gone with them.
    "nodes",
    "nodeclaims.karpenter.sh",
    "leases.coordination.k8s.io",
)
"""Never a kind of snapshot: Velero finds a volume's snapshot again by the objects it writes beside the claim."""


def _hours(spec: BackupSpec) -> str:
    return ",".join(str(hour) for hour in spec.hours)


def schedule(spec: BackupSpec) -> dict[str, Any]:
    """The spec of a Schedule: every namespace, every volume, at the stated hours."""
    return {
        "schedule": f"0 {_hours(spec)} * * *",
        "template": {
            "storageLocation": LOCATION,
            "ttl": f"{spec.retention_days * 24}h0m0s",
            "includedNamespaces": ["*"],
            "excludedResources": [*NOT_WORTH_KEEPING, *(() if spec.secrets else ("secrets",))],
            "includeClusterResources": True,
            "snapshotVolumes": True,
        },
    }


def schedule_annotations(driver: str, snapshot_class: str) -> dict[str, str]:
    """Which snapshot class is used for which driver: said, so that a second class changes nothing."""
    return {f"{SNAPSHOT_CLASS_ANNOTATION}_{driver}": snapshot_class}


def plan_rule(spec: BackupSpec, vault: str) -> PlanRuleArgsDict:
    """The one rule of the plan."""
    return {
        "rule_name": SCHEDULE,
        "target_vault_name": vault,
        "schedule": f"cron(0 {_hours(spec)} * * ? *)",
        # Minutes in which a backup has to start and to end: AWS waits eight hours and a week by default.
        "start_window": 60,
        "completion_window": 480,
        "lifecycle": {"delete_after": spec.retention_days},
    }


def cluster_selection(place: Place) -> list[str]:
    """The cluster by its name: its objects, and the volumes of its claims with them."""
    return [place.cluster_arn]


def database_selection(place: Place) -> tuple[list[str], list[SelectionConditionArgsDict]]:
    """Databases that carry this cluster's tag, whatever else there is in the account."""
    tag: SelectionConditionArgsDict = {
        "string_equals": [{"key": f"aws:ResourceTag/{CLUSTER_TAG}", "value": place.cluster_name}]
    }
    return [place.arn("rds", "db:*")], [tag]
