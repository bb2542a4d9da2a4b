"""Storage classes: encrypted gp3 volumes that wait for their pod, and snapshots of them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, CustomResource, Resource, ResourceOptions

from components.core.labels import managed_labels

STORAGE_CLASS = "gp3"
SNAPSHOT_CLASS = "ebs-snapshots"


def provisioner(*, auto_mode: bool) -> str:
    """Who makes volumes; Auto Mode has a driver of its own."""
    return "ebs.csi.eks.amazonaws.com" if auto_mode else "ebs.csi.aws.com"


class VolumeSnapshotClass(CustomResource):
    """A snapshot class; the kind has no `spec`, so the SDK's own class for custom resources cannot say it."""

    def __init__(self, name: str, driver: str, opts: ResourceOptions) -> None:
        super().__init__(
            "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
            name,
            {
                "apiVersion": "snapshot.storage.k8s.io/v1",
                "kind": "VolumeSnapshotClass",
                "metadata": {"name": SNAPSHOT_CLASS, "labels": managed_labels("cluster")},
                "driver": driver,
                # A backup outlives the object that asked for it.
                "deletionPolicy": "Retain",
            },
            opts,
        )


@dataclass(frozen=True, kw_only=True)
class StorageArgs:
    """Which driver, and what must be there first."""

    auto_mode: bool
    after: tuple[Resource, ...]
    """The snapshot controller brings the CRD of the snapshot class."""


class Storage(ComponentResource):
    """`gp3`, encrypted, is the default class; EKS brings none that is usable as it is."""

    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: StorageArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:cluster:Storage", name, None, opts)
        driver = provisioner(auto_mode=args.auto_mode)
        after = ResourceOptions(parent=self, depends_on=list(args.after))
        storage = k8s.storage.v1.StorageClass(
            name,
            metadata={
                "name": STORAGE_CLASS,
                "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
                "labels": managed_labels("cluster"),
            },
            provisioner=driver,
            parameters={"type": "gp3", "encrypted": "true"},
            # A volume lives in one zone: made before its pod is placed, it can end up where no node is.
            volume_binding_mode="WaitForFirstConsumer",
            allow_volume_expansion=True,
            reclaim_policy="Delete",
            opts=after,
        )
        snapshots = VolumeSnapshotClass(f"{name}-snapshots", driver, opts=after)
        self.ready = (storage, snapshots)
        self.register_outputs({})
