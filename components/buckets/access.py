"""Who may do what with a bucket: its own policy, and the documents that roles are given."""

from __future__ import annotations

from typing import Any

from components.buckets.spec import Purpose
from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.core.names import bucket_name, key_alias

KEY_PURPOSE = "data"
TENANT_PREFIX = "${aws:PrincipalTag/kubernetes-namespace}"
"""The namespace of the pod, a session tag that EKS Pod Identity sets and nobody else can (EKS user guide,
"Grant Pods access to AWS resources based on tags"). Where it is missing, the variable matches nothing."""

_OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")


def bucket_arn(place: Place, purpose: str) -> str:
    """The ARN of a bucket, known at plan time."""
    return place.arn("s3", bucket_name(place, purpose), region="", account="")


def bucket_policy(place: Place, purpose: str, key_arn: str) -> PolicyDocument:
    """What no identity may do with the bucket, whatever its own policies say.

    `IfExists`: a request that names no encryption gets the bucket's default, which is the data key; one that
    asks for another is refused. Without it every client that leaves the header out would be refused too, and
    Milvus does.
    """
    bucket = bucket_arn(place, purpose)

    def deny(sid: str, actions: str, resources: list[str], condition: dict[str, Any]) -> dict[str, Any]:
        return {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": actions,
            "Resource": resources,
            "Condition": condition,
        }

    return document(
        deny("TlsOnly", "s3:*", [bucket, f"{bucket}/*"], {"Bool": {"aws:SecureTransport": "false"}}),
        deny(
            "ModernTlsOnly",
            "s3:*",
            [bucket, f"{bucket}/*"],
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ),
        deny(
            "NoOtherEncryption",
            "s3:PutObject",
            [f"{bucket}/*"],
            {"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        ),
        deny(
            "NoOtherKey",
            "s3:PutObject",
            [f"{bucket}/*"],
            {"ArnNotEqualsIfExists": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn}},
        ),
    )


def key_policy(place: Place) -> PolicyDocument:
    """The account's IAM policies decide who uses the key; without this not even its administrators could."""
    return document(
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": place.arn("iam", "root", region="")},
            "Action": "kms:*",
            # A key policy's resource is the key it is attached to.
            "Resource": "*",
        }
    )


def tenant_access(place: Place, purpose: Purpose = "documents") -> PolicyDocument:
    """Read and write under the pod's own namespace: one document, right for every tenant's role."""
    prefix = f"{TENANT_PREFIX}/"
    # Another cluster of the account may have a namespace of the same name.
    mine = {"aws:PrincipalTag/eks-cluster-arn": place.cluster_arn}
    bucket = bucket_arn(place, purpose)
    return document(
        {
            "Sid": "List",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": {"StringEquals": mine, "StringLike": {"s3:prefix": [f"{prefix}*"]}},
        },
        {
            "Sid": "Locate",
            "Effect": "Allow",
            "Action": "s3:GetBucketLocation",
            "Resource": bucket,
            "Condition": {"StringEquals": mine},
        },
        {
            "Sid": "ReadAndWrite",
            "Effect": "Allow",
            "Action": [*_OBJECTS, "s3:ListMultipartUploadParts"],
            "Resource": f"{bucket}/{prefix}*",
            "Condition": {"StringEquals": mine},
        },
        {
            "Sid": "UseDataKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": place.arn("kms", "key/*"),
            # By alias: the key's id is known only once it exists, and this document before.
            "Condition": {
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias(place, KEY_PURPOSE)},
                "StringEquals": {**mine, "kms:ViaService": f"s3.{place.region}.{place.dns_suffix}"},
            },
        },
    )
