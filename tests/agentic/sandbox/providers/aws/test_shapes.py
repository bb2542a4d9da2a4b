"""Proves (protocol): property bags become AWS requests and back by botocore's own models of the APIs."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session
import pytest

from agentic.sandbox.providers.aws.shapes import accepts, camel, from_api, to_api


@cache
def _service(name: str) -> Any:
    return botocore.session.get_session().get_service_model(name)


def _shape(service: str, operation: str, member: str = "") -> Any:
    shape = _service(service).operation_model(operation).input_shape
    return shape.members[member] if member else shape


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("VpcId", "vpcId"),
        ("ARN", "arn"),
        ("DNSName", "dnsName"),
        ("name", "name"),
        ("KMSMasterKeyID", "kmsMasterKeyID"),
        ("A", "a"),
        ("", ""),
    ],
)
def test_leading_capitals_are_lowered_as_one_word(name: str, found: str) -> None:
    assert camel(name) == found


def test_names_are_found_in_the_request_whatever_their_case_and_unknown_ones_left_out() -> None:
    shape = _shape("ec2", "CreateVpc")
    assert to_api(shape, {"cidrBlock": "10.0.0.0/16", "colour": "red"}) == {"CidrBlock": "10.0.0.0/16"}
    assert "cidrblock" in accepts(shape)
    assert "colour" not in accepts(shape)


def test_scalars_take_the_type_of_the_request() -> None:
    shape = _shape("eks", "CreateNodegroup", "scalingConfig")
    assert to_api(shape, {"minSize": "1", "maxSize": 3}) == {"minSize": 1, "maxSize": 3}
    launch = _shape("ec2", "CreateLaunchTemplate", "LaunchTemplateData")
    assert to_api(launch, {"ebsOptimized": "true"}) == {"EbsOptimized": True}
    assert to_api(launch, {"ebsOptimized": "false"}) == {"EbsOptimized": False}
    assert to_api(launch, {"imageId": 5, "userData": True}) == {"ImageId": "5", "UserData": "true"}


def test_a_one_element_block_becomes_the_block() -> None:
    launch = _shape("ec2", "CreateLaunchTemplate", "LaunchTemplateData")
    sent = to_api(launch, {"metadataOptions": [{"httpTokens": "required"}]})
    assert sent == {"MetadataOptions": {"HttpTokens": "required"}}


def test_a_map_of_tags_inside_a_block_becomes_pairs() -> None:
    launch = _shape("ec2", "CreateLaunchTemplate", "LaunchTemplateData")
    sent = to_api(launch, {"tagSpecifications": [{"resourceType": "instance", "tags": {"a": "b"}}]})
    assert sent == {"TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}]}


def test_keys_of_a_map_are_data_and_stay() -> None:
    assert to_api(_shape("eks", "CreateNodegroup", "labels"), {"Team/Name": 1}) == {"Team/Name": "1"}


def test_an_answer_gets_camel_case_keys_and_dates_as_text() -> None:
    answer = {"VpcId": "v", "Tags": [{"Key": "Name"}], "CreatedAt": datetime(2026, 1, 2, tzinfo=UTC)}
    assert from_api(answer) == {
        "vpcId": "v",
        "tags": [{"key": "Name"}],
        "createdAt": "2026-01-02T00:00:00+00:00",
    }
