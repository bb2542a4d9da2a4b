from __future__ import annotations

from components.core.aws import Place
from components.langfuse.policy import bucket_access

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def test_objects_are_reached_under_three_prefixes_of_one_bucket() -> None:
    objects, listing = bucket_access(PLACE, "traces", None)["Statement"]
    assert objects["Resource"] == [
        "arn:aws:s3:::traces/events/*",
        "arn:aws:s3:::traces/exports/*",
        "arn:aws:s3:::traces/media/*",
    ]
    assert listing["Resource"] == ["arn:aws:s3:::traces"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["events/*", "exports/*", "media/*"]}}


def test_the_key_is_used_through_s3_and_by_its_alias_only() -> None:
    *_, key = bucket_access(PLACE, "traces", "alias/ai-dev/data")["Statement"]
    assert key["Resource"] == ["arn:aws:kms:eu-west-1:111122223333:key/*"]
    assert key["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/ai-dev/data"},
    }


def test_nothing_about_the_bucket_itself_can_be_changed() -> None:
    actions = [
        action for one in bucket_access(PLACE, "traces", None)["Statement"] for action in one["Action"]
    ]
    assert not [action for action in actions if "Bucket" in action and action != "s3:ListBucket"]
    assert "s3:*" not in actions
