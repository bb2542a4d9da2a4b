from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.core.aws import DNS_SUFFIX, AwsSpec, Place

PLACE = Place(
    account_id="111122223333",
    partition="aws-cn",
    region="cn-north-1",
    zones=("cn-north-1a", "cn-north-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def _spec(region: str, partition: str, zones: str = "ab") -> AwsSpec:
    return AwsSpec.model_validate(
        {
            "account_id": "111122223333",
            "partition": partition,
            "region": region,
            "zones": [f"{region}{zone}" for zone in zones],
        }
    )


def test_an_arn_names_partition_region_and_account() -> None:
    assert PLACE.arn("sqs", "queue") == "arn:aws-cn:sqs:cn-north-1:111122223333:queue"


def test_a_service_without_region_or_account_leaves_its_part_empty() -> None:
    assert PLACE.arn("iam", "role/x", region="") == "arn:aws-cn:iam::111122223333:role/x"
    assert PLACE.arn("s3", "bucket", region="", account="") == "arn:aws-cn:s3:::bucket"
    assert PLACE.managed_policy_arn("ReadOnlyAccess") == "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"


def test_every_partition_has_its_own_domain() -> None:
    assert PLACE.dns_suffix == "amazonaws.com.cn"
    assert set(DNS_SUFFIX) == {"aws", "aws-cn", "aws-us-gov"}


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_a_region_is_accepted_in_its_partition_alone(region: str, partition: str) -> None:
    assert _spec(region, partition).region == region
    other = "aws-cn" if partition == "aws" else "aws"
    with pytest.raises(ValidationError, match=f"region {region} is in partition {partition}, not {other}"):
        _spec(region, other)


@pytest.mark.parametrize(("zones", "valid"), [("a", False), ("ab", True), ("abc", True), ("abcd", False)])
def test_a_stack_has_two_or_three_zones(zones: str, valid: bool) -> None:
    if valid:
        assert len(_spec("us-east-1", "aws", zones).zones) == len(zones)
    else:
        with pytest.raises(ValidationError, match="List should have at"):
            _spec("us-east-1", "aws", zones)


@pytest.mark.parametrize("account", ["11112222333", "1111222233334", "11112222333a", "١١١١٢٢٢٢٣٣٣٣", ""])
def test_an_account_id_is_twelve_ascii_digits(account: str) -> None:
    with pytest.raises(ValidationError, match="account_id"):
        AwsSpec.model_validate(
            {"account_id": account, "region": "us-east-1", "zones": ["us-east-1a", "us-east-1b"]}
        )
