"""What may be said about backups of volumes and cluster objects."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from components.charts.pods import ContainerResources
from components.core.faults import Fault
from components.core.spec import Spec

Mode = Literal["velero", "aws_backup", "none"]
HOURS_A_DAY = 24


class BackupSpec(Spec):
    """How often and for how long. Databases, caches and buckets keep backups of their own."""

    mode: Mode = Field(
        default="velero",
        description=(
            "Who backs up volumes and cluster objects: velero, a pod that snapshots volumes and writes objects "
            "to the backups bucket; aws_backup, the AWS service, which needs no pod; none, where nothing in "
            "the cluster is missed."
        ),
    )
    every_hours: Literal[1, 2, 3, 4, 6, 8, 12, 24] = Field(
        default=24, description="Hours between backups: what is lost at most. A divisor of the day."
    )
    at_hour: int = Field(
        default=3, ge=0, le=HOURS_A_DAY - 1, description="The hour, in UTC, of one of the day's backups."
    )
    retention_days: int = Field(
        default=30, ge=1, le=3650, description="Days after which a backup and its snapshots are deleted."
    )
    secrets: bool = Field(
        default=False,
        description=(
            "Whether Velero writes Kubernetes Secrets into the bucket too. Off: the platform's come back from "
            "Secrets Manager. AWS Backup always includes them."
        ),
    )
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="200m", memory="256Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of Velero; memory grows with the number of objects in the cluster.",
    )

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours of the day at which backups start, in UTC."""
        count = HOURS_A_DAY // self.every_hours
        return tuple(sorted((self.at_hour + turn * self.every_hours) % HOURS_A_DAY for turn in range(count)))


def mode_faults(spec: BackupSpec, compute_mode: str) -> list[Fault]:
    """AWS Backup on nodes whose volumes it does not promise to see.

    It takes volumes of the EBS CSI driver add-on (AWS Backup developer guide, "Amazon EKS backups"); Auto
    Mode has a driver of its own. A backup that leaves volumes out would be found out at the restore.
    """
    if spec.mode != "aws_backup" or compute_mode != "auto":
        return []
    return [
        Fault(
            "services.backup.mode",
            "is aws_backup, which backs up volumes of the EBS CSI add-on; Auto Mode makes them by another driver",
            "set velero",
        )
    ]
