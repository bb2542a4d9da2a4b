"""What a node boots from: a pinned image and an encrypted disk."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from components.core.spec import Spec

DEFAULT_AMI_ALIAS = "al2023@v20260714"


def _pinned(alias: str) -> str:
    family, _, version = alias.partition("@")
    if family != "al2023":
        raise ValueError(
            f"{alias!r} is not an AL2023 image: the platform's disks and GPU readiness are made for al2023, "
            "and al2 has no images for supported Kubernetes versions; write al2023@vYYYYMMDD"
        )
    if version == "latest":
        raise ValueError(
            "al2023@latest replaces every node whenever AWS publishes an image; "
            f"pin a release, for example {DEFAULT_AMI_ALIAS}"
        )
    if re.fullmatch(r"v20[0-9]{6}", version) is None:
        raise ValueError(
            f"{alias!r} names no release; write al2023@vYYYYMMDD, for example {DEFAULT_AMI_ALIAS}"
        )
    return alias


AmiAlias = Annotated[str, AfterValidator(_pinned)]
"""An AL2023 release; Karpenter picks its standard or NVIDIA variant by the instance type."""


class DiskSpec(Spec):
    """The root volume of a node: gp3, always encrypted."""

    size_gib: int = Field(default=80, ge=20, le=16384, description="GiB; images and emptyDir live on it.")
    iops: int = Field(default=3000, ge=3000, le=16000, description="gp3 takes 3,000 to 16,000.")
    throughput_mibps: int = Field(default=125, ge=125, le=1000, description="MiB/s; gp3 takes 125 to 1,000.")
    kms_key_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[\w/-]+$",
        description=(
            "A key of your own; its policy has to let EC2 and the Karpenter role use it, or nodes vanish "
            "right after launch. Left out: the account's default EBS key."
        ),
    )

    @model_validator(mode="after")
    def _gp3_accepts_the_ratios(self) -> Self:
        if self.iops > self.size_gib * 500:
            raise ValueError(
                f"gp3 gives at most 500 IOPS for each GiB: {self.size_gib} GiB allow {self.size_gib * 500}, "
                f"not {self.iops}"
            )
        if self.throughput_mibps * 4 > self.iops:
            raise ValueError(
                f"gp3 gives at most 0.25 MiB/s for each IOPS: {self.iops} IOPS allow {self.iops // 4} MiB/s, "
                f"not {self.throughput_mibps}"
            )
        return self


class GpuDiskSpec(DiskSpec):
    """The root volume of a GPU node: inference images are 10 GB and more, and are read in a hurry."""

    size_gib: int = Field(
        default=500,
        ge=100,
        le=16384,
        description="GiB; in compute.mode auto images and weights live on it, else on the instance's own disks.",
    )
    iops: int = Field(default=10000, ge=3000, le=16000, description="gp3 takes 3,000 to 16,000.")
    throughput_mibps: int = Field(default=500, ge=125, le=1000, description="MiB/s; gp3 takes 125 to 1,000.")
