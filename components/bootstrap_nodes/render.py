"""The bootstrap node group as data: what its instances are, and what may run on them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi_aws as aws

from components.bootstrap_nodes.spec import BootstrapSpec
from components.core.aws import Place
from components.core.labels import BOOTSTRAP_TAINT_KEY, POOL_LABEL
from components.node_pools.spec import BOOTSTRAP_POOL, Architecture

AMI_TYPES: Mapping[Architecture, str] = MappingProxyType(
    {"amd64": "AL2023_x86_64_STANDARD", "arm64": "AL2023_ARM_64_STANDARD"}
)
ROOT_DEVICE = "/dev/xvda"
"""Where AL2023 has its root volume; another name would add a second disk instead of sizing the first."""

TAINTS: list[aws.eks.NodeGroupTaintArgsDict] = [
    {"key": BOOTSTRAP_TAINT_KEY, "value": "true", "effect": "NO_SCHEDULE"}
]
"""Keeps workloads off: only what says that it is critical for the cluster tolerates it."""

LABELS: Mapping[str, str] = MappingProxyType({POOL_LABEL: BOOTSTRAP_POOL})


def node_tags(place: Place) -> dict[str, str]:
    """Tags of the instances; AWS does not hand a node group's own tags down to them."""
    return {**place.tags, "Name": f"{place.cluster_name}-{BOOTSTRAP_POOL}", POOL_LABEL: BOOTSTRAP_POOL}


def metadata_options() -> aws.ec2.LaunchTemplateMetadataOptionsArgsDict:
    """Sessions only and one hop: a pod that is not in the host's network cannot reach the node's role."""
    return {"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1}


def root_volume(spec: BootstrapSpec) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgsDict:
    """An encrypted gp3 root volume that goes with its instance."""
    return {
        "device_name": ROOT_DEVICE,
        "ebs": {
            "volume_type": "gp3",
            "volume_size": spec.disk_gib,
            "encrypted": "true",
            "delete_on_termination": "true",
        },
    }


def tag_specifications(place: Place) -> list[aws.ec2.LaunchTemplateTagSpecificationArgsDict]:
    """Cost tags on everything an instance brings, or its disks are nobody's on the bill."""
    tags = node_tags(place)
    return [{"resource_type": kind, "tags": tags} for kind in ("instance", "volume", "network-interface")]
