"""Node classes: what a node boots from, where it stands and what it may do, for either compute mode."""

from __future__ import annotations

from typing import Any

from components.core.aws import Place
from components.core.labels import DISCOVERY_TAG
from components.node_pools.boot import DiskSpec
from components.node_pools.gpu_nodes import user_data
from components.node_pools.pool import PoolSpec
from components.node_pools.spec import GpuPoolSpec
from components.node_pools.tags import node_tags

ROOT_DEVICE = "/dev/xvda"
"""Where AL2023 has its root volume; another name would add a second disk instead of sizing the first."""

PODS_PER_NODE = 110
"""What Kubernetes is tested with, and Auto Mode's own limit. Karpenter would count ENI addresses, which are
fewer on small nodes; the cluster's CNI hands out prefixes instead."""


def ec2_node_class(
    place: Place, key: str, pool: PoolSpec, disk: DiskSpec, *, node_role: str, ami_alias: str
) -> dict[str, Any]:
    """The spec of a `karpenter.k8s.aws/v1` EC2NodeClass: pinned image, encrypted disk, no IMDS for pods."""
    gpu = isinstance(pool, GpuPoolSpec)
    spec: dict[str, Any] = {
        "role": node_role,
        "amiSelectorTerms": [{"alias": pool.ami_alias or ami_alias}],
        **_place_terms(place),
        "associatePublicIPAddress": False,
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            # One hop ends at the node: a pod cannot take the node's role from it.
            "httpPutResponseHopLimit": 1,
            "httpTokens": "required",
        },
        "blockDeviceMappings": [_root_volume(disk)],
        "kubelet": {"maxPods": PODS_PER_NODE},
        "tags": node_tags(place, key),
    }
    if gpu:
        # Weights and images on the instance's own NVMe disks, which every GPU type here has.
        spec["instanceStorePolicy"] = "RAID0"
        spec["userData"] = user_data()
    if pool.capacity_reservations:
        spec["capacityReservationSelectorTerms"] = [
            {"id": reservation.id} if reservation.id else {"tags": dict(reservation.tags)}
            for reservation in pool.capacity_reservations
        ]
    return spec


def auto_node_class(place: Place, key: str, disk: DiskSpec, *, node_role: str) -> dict[str, Any]:
    """The spec of an `eks.amazonaws.com/v1` NodeClass: AWS owns image, metadata options and encryption."""
    return {
        "role": node_role,
        **_place_terms(place),
        "ephemeralStorage": {
            "size": f"{disk.size_gib}Gi",
            "iops": disk.iops,
            "throughput": disk.throughput_mibps,
        },
        # What a policy denies is worth knowing; the same switch as on the VPC CNI of the other mode.
        "networkPolicyEventLogs": "Enabled",
        "tags": node_tags(place, key),
    }


def _place_terms(place: Place) -> dict[str, Any]:
    terms = [{"tags": {DISCOVERY_TAG: place.cluster_name}}]
    return {"subnetSelectorTerms": terms, "securityGroupSelectorTerms": terms}


def _root_volume(disk: DiskSpec) -> dict[str, Any]:
    return {
        "deviceName": ROOT_DEVICE,
        "rootVolume": True,
        "ebs": {
            "volumeType": "gp3",
            "volumeSize": f"{disk.size_gib}Gi",
            "iops": disk.iops,
            "throughput": disk.throughput_mibps,
            "encrypted": True,
            "deleteOnTermination": True,
            **({"kmsKeyID": disk.kms_key_arn} if disk.kms_key_arn else {}),
        },
    }
