from __future__ import annotations

from typing import Any

from components.core.aws import Place
from components.gpu.spec import GpuReadinessSpec
from components.gpu.values import values as plugin_values
from components.node_pools.boot import DiskSpec
from components.node_pools.node_classes import auto_node_class, ec2_node_class
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
    tags={"Owner": "platform"},
)
KEY = "arn:aws:kms:us-east-1:111122223333:key/abc"


def cpu_class(**more: Any) -> dict[str, Any]:
    pool = CpuPoolSpec.model_validate({"limit_cpu": 64, **more})
    return ec2_node_class(
        PLACE, "cpu", pool, pool.disk, node_role="ai-dev-karpenter-node", ami_alias="al2023@v20260714"
    )


def gpu_class(**more: Any) -> dict[str, Any]:
    pool = GpuPoolSpec.model_validate({"instance_types": ["g5.48xlarge"], "limit_gpus": 8, **more})
    return ec2_node_class(
        PLACE, "a10g", pool, pool.disk, node_role="ai-dev-karpenter-node", ami_alias="al2023@v20260714"
    )


def test_a_pod_cannot_take_its_nodes_role() -> None:
    for node_class in (cpu_class(), gpu_class()):
        assert node_class["metadataOptions"]["httpTokens"] == "required"
        assert node_class["metadataOptions"]["httpPutResponseHopLimit"] == 1


def test_a_gpu_node_shows_a_container_what_the_kubelet_gave_it_or_does_not_join() -> None:
    """Whoever sets NVIDIA_VISIBLE_DEVICES would see every GPU of the node, other tenants' among them."""
    data = gpu_class()["userData"]
    assert "accept-nvidia-visible-devices-envvar-when-unprivileged=false" in data
    assert "accept-nvidia-visible-devices-as-volume-mounts=true" in data
    assert "systemctl poweroff" in data
    # Without the other half pods would be given GPUs in a way that the node does not listen to.
    assert plugin_values(GpuReadinessSpec())["deviceListStrategy"] == "volume-mounts"
    assert "userData" not in cpu_class()


def test_the_image_is_pinned_and_alone() -> None:
    assert cpu_class()["amiSelectorTerms"] == [{"alias": "al2023@v20260714"}]


def test_one_pool_can_try_another_image() -> None:
    assert gpu_class(ami_alias="al2023@v20260901")["amiSelectorTerms"] == [{"alias": "al2023@v20260901"}]


def test_subnets_and_security_groups_are_found_by_the_clusters_discovery_tag() -> None:
    terms = [{"tags": {"karpenter.sh/discovery": "ai-dev"}}]
    for node_class in (
        cpu_class(),
        gpu_class(),
        auto_node_class(PLACE, "cpu", DiskSpec(), node_role="r"),
    ):
        assert node_class["subnetSelectorTerms"] == terms
        assert node_class["securityGroupSelectorTerms"] == terms


def test_every_root_volume_is_encrypted() -> None:
    for node_class in (cpu_class(), gpu_class(), gpu_class(disk={"kms_key_arn": KEY})):
        (mapping,) = node_class["blockDeviceMappings"]
        assert mapping["rootVolume"] is True
        assert mapping["deviceName"] == "/dev/xvda"
        assert mapping["ebs"]["encrypted"] is True


def test_an_own_key_reaches_the_volume_and_none_is_made_up() -> None:
    assert gpu_class(disk={"kms_key_arn": KEY})["blockDeviceMappings"][0]["ebs"]["kmsKeyID"] == KEY
    assert "kmsKeyID" not in gpu_class()["blockDeviceMappings"][0]["ebs"]


def test_a_gpu_node_has_a_large_quick_disk_and_uses_its_own_nvme() -> None:
    node_class = gpu_class()
    assert node_class["blockDeviceMappings"][0]["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": "500Gi",
        "iops": 10000,
        "throughput": 500,
        "encrypted": True,
        "deleteOnTermination": True,
    }
    assert node_class["instanceStorePolicy"] == "RAID0"


def test_a_cpu_node_formats_no_instance_store() -> None:
    assert "instanceStorePolicy" not in cpu_class()


def test_nodes_have_the_role_they_are_given_and_no_profile() -> None:
    assert cpu_class()["role"] == "ai-dev-karpenter-node"
    assert "instanceProfile" not in cpu_class()


def test_nodes_have_no_public_address() -> None:
    assert cpu_class()["associatePublicIPAddress"] is False


def test_reservations_are_selected_by_id_or_tags() -> None:
    node_class = gpu_class(
        capacity_types=["reserved", "on-demand"],
        capacity_reservations=[{"id": "cr-0abc"}, {"tags": {"purpose": "inference"}}],
    )
    assert node_class["capacityReservationSelectorTerms"] == [
        {"id": "cr-0abc"},
        {"tags": {"purpose": "inference"}},
    ]
    assert "capacityReservationSelectorTerms" not in gpu_class()


def test_an_auto_mode_class_says_only_what_aws_leaves_to_us() -> None:
    node_class = auto_node_class(PLACE, "cpu", DiskSpec(size_gib=100), node_role="ai-dev-auto-node")
    assert node_class["ephemeralStorage"] == {"size": "100Gi", "iops": 3000, "throughput": 125}
    assert set(node_class) == {
        "role",
        "subnetSelectorTerms",
        "securityGroupSelectorTerms",
        "ephemeralStorage",
        "networkPolicyEventLogs",
        "tags",
    }
