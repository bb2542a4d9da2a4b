from __future__ import annotations

from typing import Any

from components.core.aws import Place
from components.milvus.policy import bucket_access

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def statements(alias: str | None = "alias/ai-dev/data") -> dict[str, Any]:
    return {one["Sid"]: one for one in bucket_access(PLACE, "its-own", alias)["Statement"]}


def test_objects_of_its_own_bucket_and_of_no_other() -> None:
    assert statements()["Bucket"]["Resource"] == "arn:aws:s3:::its-own"
    assert statements()["Objects"]["Resource"] == "arn:aws:s3:::its-own/*"


def test_no_setting_of_the_bucket_and_no_version_of_an_object_is_in_its_reach() -> None:
    may = {action for one in statements().values() for action in one["Action"]}
    assert not [action for action in may if "Version" in action or "Policy" in action or "*" in action]
    assert {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"} <= may


def test_the_key_is_used_through_s3_and_found_by_its_alias() -> None:
    key = statements()["ObjectsAreEncrypted"]
    assert key["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert key["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key/*"
    assert key["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/ai-dev/data"},
    }


def test_a_bucket_under_s3s_own_key_needs_no_key() -> None:
    assert "ObjectsAreEncrypted" not in statements(None)
