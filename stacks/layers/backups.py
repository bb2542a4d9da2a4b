"""Who brings lost data back; nothing waits for it."""

from __future__ import annotations

from pulumi import Resource

from components.backup.aws_backup import AwsBackup, AwsBackupArgs
from components.backup.velero import Velero, VeleroArgs
from components.cluster.storage import SNAPSHOT_CLASS, provisioner
from stacks.layers.data import Data
from stacks.layers.ground import Ground


def backups(ground: Ground, data: Data, *, placed: tuple[Resource, ...]) -> None:
    """Backups of volumes and cluster objects, from inside or from outside; `placed` is what pods wait for."""
    services = ground.config.services
    if "velero" in ground.parts:
        Velero(
            "velero",
            VeleroArgs(
                place=ground.place,
                spec=services.backup,
                cluster_name=ground.cluster_name,
                namespace=ground.namespaces["velero"],
                bucket=data.buckets.names["backups"],
                bucket_key_alias=data.buckets.key_alias,
                driver=provisioner(auto_mode=ground.config.compute.mode == "auto"),
                snapshot_class=SNAPSHOT_CLASS,
                after=(*placed, *data.buckets.ready, *ground.monitors),
                monitored=ground.monitored,
            ),
            opts=ground.both,
        )
    if "backup" in ground.parts:
        AwsBackup(
            "backup",
            AwsBackupArgs(
                place=ground.place,
                spec=services.backup,
                key_arn=data.buckets.key_arn,
                # Volumes and databases that are there are backed up from the first hour on.
                after=placed,
                protect=ground.protect,
                retain=ground.retain,
            ),
            opts=ground.aws,
        )
