from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from components.node_pools.boot import DEFAULT_AMI_ALIAS, AmiAlias, DiskSpec, GpuDiskSpec

ALIAS = TypeAdapter(AmiAlias)


@pytest.mark.parametrize("alias", [DEFAULT_AMI_ALIAS, "al2023@v20260101"])
def test_a_pinned_al2023_release_is_accepted(alias: str) -> None:
    assert ALIAS.validate_python(alias) == alias


@pytest.mark.parametrize(
    ("alias", "said"),
    [
        ("al2023@latest", "replaces every node whenever AWS publishes an image; pin a release"),
        ("al2@v20240807", "al2 has no images for supported Kubernetes versions; write al2023@vYYYYMMDD"),
        ("bottlerocket@v1.50.0", "is not an AL2023 image"),
        ("al2023", "names no release; write al2023@vYYYYMMDD"),
        ("al2023@v2026", "names no release"),
        ("al2023@20260714", "names no release"),
    ],
)
def test_an_image_that_moves_or_does_not_fit_is_refused(alias: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ALIAS.validate_python(alias)
    assert said in str(refused.value)


def test_a_gpu_disk_is_large_and_quick_unless_said_otherwise() -> None:
    disk = GpuDiskSpec()
    assert (disk.size_gib, disk.iops, disk.throughput_mibps) == (500, 10000, 500)
    assert GpuDiskSpec(size_gib=200).iops == 10000


@pytest.mark.parametrize(
    ("disk", "said"),
    [
        (
            {"size_gib": 20, "iops": 16000, "throughput_mibps": 500},
            "gp3 gives at most 500 IOPS for each GiB: 20 GiB allow 10000, not 16000",
        ),
        (
            {"size_gib": 80, "iops": 3000, "throughput_mibps": 1000},
            "gp3 gives at most 0.25 MiB/s for each IOPS: 3000 IOPS allow 750 MiB/s, not 1000",
        ),
        ({"iops": 16001}, "less than or equal to 16000"),
        ({"throughput_mibps": 1001}, "less than or equal to 1000"),
        ({"size_gib": 0}, "greater than or equal to 20"),
        ({"kms_key_arn": "my-key"}, "should match pattern"),
        ({"encrypted": False}, "Extra inputs are not permitted"),
    ],
)
def test_a_disk_that_ec2_would_refuse_is_refused_here(disk: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DiskSpec.model_validate(disk)
    assert said in str(refused.value)
