from __future__ import annotations

from typing import Any

from components.buckets.access import bucket_policy, key_policy, tenant_access
from components.core.aws import Place
from components.core.identity import PolicyDocument

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
BUCKET = "arn:aws:s3:::ai-dev-documents-111122223333-eu-west-1"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/abc"
NAMESPACE = "${aws:PrincipalTag/kubernetes-namespace}"


def statement(policy: PolicyDocument, sid: str) -> dict[str, Any]:
    return next(one for one in policy["Statement"] if one["Sid"] == sid)


def test_a_bucket_grants_nobody_anything_and_denies_everybody_alike() -> None:
    for one in bucket_policy(PLACE, "documents", KEY)["Statement"]:
        assert (one["Effect"], one["Principal"]) == ("Deny", "*")


def test_no_request_without_tls_and_none_with_old_tls() -> None:
    policy = bucket_policy(PLACE, "documents", KEY)
    plain, old = statement(policy, "TlsOnly"), statement(policy, "ModernTlsOnly")
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert old["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    for one in (plain, old):
        assert (one["Action"], one["Resource"]) == ("s3:*", [BUCKET, f"{BUCKET}/*"])


def test_another_encryption_is_refused_and_none_named_is_the_default() -> None:
    """Without `IfExists` a client that leaves the header out is refused, and Milvus leaves it out."""
    policy = bucket_policy(PLACE, "documents", KEY)
    assert statement(policy, "NoOtherEncryption")["Condition"] == {
        "StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}
    }
    assert statement(policy, "NoOtherKey")["Condition"] == {
        "ArnNotEqualsIfExists": {"s3:x-amz-server-side-encryption-aws-kms-key-id": KEY}
    }


def test_a_tenant_reaches_its_own_prefix_and_no_other() -> None:
    policy = tenant_access(PLACE)
    assert statement(policy, "ReadAndWrite")["Resource"] == f"{BUCKET}/{NAMESPACE}/*"
    assert statement(policy, "List")["Condition"]["StringLike"] == {"s3:prefix": [f"{NAMESPACE}/*"]}


def test_a_tenant_of_another_cluster_with_the_same_name_reaches_nothing() -> None:
    for one in tenant_access(PLACE)["Statement"]:
        tag = one["Condition"]["StringEquals"]["aws:PrincipalTag/eks-cluster-arn"]
        assert tag == "arn:aws:eks:eu-west-1:111122223333:cluster/ai-dev"


def test_the_data_key_is_used_through_s3_and_no_other_key_is() -> None:
    one = statement(tenant_access(PLACE), "UseDataKey")
    assert one["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert one["Condition"] == {
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/ai-dev/data"},
        "StringEquals": {
            "aws:PrincipalTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/ai-dev",
            "kms:ViaService": "s3.eu-west-1.amazonaws.com",
        },
    }


def test_nobody_may_change_what_a_bucket_is() -> None:
    for one in tenant_access(PLACE)["Statement"]:
        actions = [one["Action"]] if isinstance(one["Action"], str) else one["Action"]
        assert not [action for action in actions if "Bucket" in action and "Put" in action]
        assert "s3:*" not in actions
        assert "s3:DeleteObjectVersion" not in actions, "versions are what brings deleted objects back"


def test_the_accounts_policies_decide_over_the_key() -> None:
    (one,) = key_policy(PLACE)["Statement"]
    assert one["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
