"""Where a stack lives on AWS, known in full before anything is created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from components.core.spec import AccountId, Region, Spec, Zone

Partition = Literal["aws", "aws-cn", "aws-us-gov"]

REGION_PREFIX: Mapping[str, str] = MappingProxyType({"cn-": "aws-cn", "us-gov-": "aws-us-gov"})
"""Regions outside partition `aws`, by how their names begin."""

DNS_SUFFIX: Mapping[str, str] = MappingProxyType(
    {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}
)


class AwsSpec(Spec):
    """The account, region and zones of a stack: literal, so that every ARN is known at plan time."""

    account_id: AccountId = Field(
        description="The 12 digit account id, quoted. The AWS provider refuses to work in any other account."
    )
    partition: Partition = Field(default="aws", description="The partition of the region; part of every ARN.")
    region: Region = Field(description="The region, for example us-east-1.")
    zones: list[Zone] = Field(
        min_length=2,
        max_length=3,
        description=(
            "Two or three availability zones by name. EKS needs two; with three, quorum stores survive the "
            "loss of one."
        ),
    )

    @model_validator(mode="after")
    def _region_is_in_the_partition(self) -> Self:
        prefix = next((prefix for prefix in REGION_PREFIX if self.region.startswith(prefix)), "")
        partition = REGION_PREFIX.get(prefix, "aws")
        if self.partition != partition:
            raise ValueError(
                f"region {self.region} is in partition {partition}, not {self.partition}; correct one of them"
            )
        return self

    @model_validator(mode="after")
    def _zones_are_in_the_region(self) -> Self:
        strangers = [zone for zone in self.zones if zone[:-1] != self.region]
        if strangers:
            raise ValueError(
                f"zones {', '.join(strangers)} are not in region {self.region}; name zones of {self.region}"
            )
        if len(set(self.zones)) != len(self.zones):
            raise ValueError("a zone is named twice; name each zone once")
        return self


@dataclass(frozen=True, kw_only=True)
class Place:
    """Everything a pure function needs to name things in AWS without asking AWS."""

    account_id: str
    partition: str
    region: str
    zones: tuple[str, ...]
    environment: str
    cluster_name: str
    tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def dns_suffix(self) -> str:
        """The domain of AWS endpoints in this partition, for example `amazonaws.com`."""
        return DNS_SUFFIX[self.partition]

    def arn(
        self, service: str, resource: str, *, region: str | None = None, account: str | None = None
    ) -> str:
        """An ARN in this place; pass `region=""` or `account=""` for services whose ARNs leave it out."""
        where = self.region if region is None else region
        whose = self.account_id if account is None else account
        return f"arn:{self.partition}:{service}:{where}:{whose}:{resource}"

    def managed_policy_arn(self, name: str) -> str:
        """The ARN of an AWS managed policy, for example `AmazonEKSWorkerNodePolicy`."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"

    @property
    def cluster_arn(self) -> str:
        """The ARN the cluster has, or will have."""
        return self.arn("eks", f"cluster/{self.cluster_name}")
