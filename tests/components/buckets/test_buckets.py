from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.buckets.buckets import Buckets, BucketsArgs
from components.buckets.render import lifecycle
from components.buckets.spec import PURPOSES, BucketsSpec, stateful
from components.core.aws import Place

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
BUCKET = "aws:s3/bucket:Bucket"
ASPECTS = (
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketPolicy:BucketPolicy",
)


def captured(capture: Capture, *, protect: bool = True, retain: bool = True) -> Plan:
    def program() -> None:
        Buckets("buckets", BucketsArgs(place=PLACE, spec=BucketsSpec(), protect=protect, retain=retain))

    return capture(program)


def test_there_is_a_bucket_for_each_purpose_named_at_plan_time(capture: Capture) -> None:
    names = {one.inputs["bucket"] for one in captured(capture).all(BUCKET)}
    assert names == {f"ai-dev-{purpose}-111122223333-eu-west-1" for purpose in PURPOSES}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_bucket_has_every_aspect(capture: Capture, aspect: str) -> None:
    plan = captured(capture)
    buckets = {one.inputs["bucket"] for one in plan.all(BUCKET)}
    assert {one.inputs["bucket"] for one in plan.all(aspect)} == buckets


def test_objects_are_encrypted_with_the_one_key_of_the_data_which_rotates(capture: Capture) -> None:
    plan = captured(capture)
    assert plan.one("aws:kms/key:Key").inputs["enableKeyRotation"] is True
    for one in plan.all(ASPECTS[3]):
        (rule,) = one.inputs["rules"]
        assert rule["bucketKeyEnabled"] is True
        assert rule["applyServerSideEncryptionByDefault"] == {
            "sseAlgorithm": "aws:kms",
            "kmsMasterKeyId": "@{aws:kms/key:Key::buckets-key.arn}",
        }


def test_the_bucket_policy_names_the_key_and_denies_plain_text(capture: Capture) -> None:
    for one in captured(capture).all(ASPECTS[5]):
        assert "@{aws:kms/key:Key::buckets-key.arn}" in one.inputs["policy"]
        assert {said["Sid"] for said in json.loads(one.inputs["policy"])["Statement"]} >= {"TlsOnly"}


def test_nothing_of_a_bucket_is_ever_public(capture: Capture) -> None:
    for one in captured(capture).all(ASPECTS[0]):
        assert {value for key, value in one.inputs.items() if key != "bucket"} == {True}
        assert len(one.inputs) == 5


def test_data_and_its_key_with_its_alias_are_protected_and_stay(capture: Capture) -> None:
    plan = captured(capture)
    for type_ in (BUCKET, "aws:kms/key:Key", "aws:kms/alias:Alias"):
        for one in plan.all(type_):
            assert one.options["protect"] is True
            assert one.options["retain_on_delete"] is True
    assert {one.inputs["forceDestroy"] for one in plan.all(BUCKET)} == {False}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_bucket_that_stays_stays_closed(capture: Capture, aspect: str) -> None:
    for one in captured(capture).all(aspect):
        assert one.options["retain_on_delete"] is True


def test_a_stack_that_does_not_retain_data_can_be_destroyed(capture: Capture) -> None:
    plan = captured(capture, protect=False, retain=False)
    assert {one.inputs["forceDestroy"] for one in plan.all(BUCKET)} == {True}
    assert not [one for one in plan.all(BUCKET) if one.options.get("protect")]


def test_old_versions_markers_and_unfinished_uploads_end_and_objects_do_not() -> None:
    old, markers = lifecycle(BucketsSpec(noncurrent_days=9, abort_multipart_days=3), "documents")
    assert old.get("noncurrent_version_expiration") == {"noncurrent_days": 9}
    assert old.get("abort_incomplete_multipart_upload") == {"days_after_initiation": 3}
    assert "expiration" not in old
    assert markers.get("expiration") == {"expired_object_delete_marker": True}


def test_logs_age() -> None:
    ages = [rule.get("expiration") for rule in lifecycle(BucketsSpec(log_days=5), "logs")]
    assert {"days": 5} in ages


def test_lifecycle_waits_for_versioning(capture: Capture) -> None:
    plan = captured(capture)
    for purpose in PURPOSES:
        name = f"buckets-{purpose}"
        assert plan.deleted_before(plan.one(ASPECTS[4], name).urn, plan.one(ASPECTS[1], name).urn)


@pytest.mark.parametrize("field", ["noncurrent_days", "abort_multipart_days", "log_days"])
def test_zero_days_are_refused(field: str) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        BucketsSpec.model_validate({field: 0})


def test_every_bucket_of_a_plan_is_said_to_hold_data(capture: Capture) -> None:
    planned = {(one.type, one.name) for one in captured(capture).all(BUCKET)}
    assert {(one.type, one.name) for one in stateful()} == planned
