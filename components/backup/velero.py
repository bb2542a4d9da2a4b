"""Velero, its identity, and the schedule by which it backs up."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.backup.pods import RELEASE, SERVICE_ACCOUNT
from components.backup.policy import bucket_access
from components.backup.render import API_VERSION, SCHEDULE, schedule, schedule_annotations
from components.backup.spec import BackupSpec
from components.backup.values import values
from components.charts.pins import VELERO
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.labels import managed_labels


@dataclass(frozen=True, kw_only=True)
class VeleroArgs:
    """Where backups go, and how volumes are snapshotted."""

    place: Place
    spec: BackupSpec
    cluster_name: Input[str]
    namespace: Input[str]
    bucket: str
    """The backups bucket, by the name known at plan time."""
    bucket_key_alias: str
    driver: str
    """The CSI driver of the platform's volumes."""
    snapshot_class: str
    """The VolumeSnapshotClass of that driver."""
    after: tuple[Resource, ...]
    """Nodes, bucket, snapshot class, the kinds of monitors, quotas and policies."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class Velero(ComponentResource):
    """A cluster whose objects and volumes can be brought back."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: VeleroArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:backup:Velero", name, None, opts)
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose=RELEASE,
                namespace=args.namespace,
                service_account=SERVICE_ACCOUNT,
                policies={"bucket": bucket_access(args.place, args.bucket, args.bucket_key_alias)},
                cluster_name=args.cluster_name,
            ),
            opts=ResourceOptions(parent=self),
        )
        installed = release(
            RELEASE,
            VELERO,
            namespace=args.namespace,
            values=values(args.place, args.spec, bucket=args.bucket, monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *identity.ready]),
        )
        backups = CustomResource(
            f"{name}-{SCHEDULE}",
            api_version=API_VERSION,
            kind="Schedule",
            metadata={
                "name": SCHEDULE,
                "namespace": args.namespace,
                "labels": managed_labels("backup"),
                # A backup takes these over from its schedule.
                "annotations": schedule_annotations(args.driver, args.snapshot_class),
            },
            spec=schedule(args.spec),
            # Its kind comes with the release, which Pulumi cannot see.
            opts=ResourceOptions(parent=self, depends_on=[installed]),
        )
        self.ready = (installed, backups)
        self.register_outputs({"release": installed.name})
