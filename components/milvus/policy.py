"""What a Milvus may do in AWS: read and write its own bucket, with the key that bucket is encrypted with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.core.aws import Place
from components.core.identity import PolicyDocument, document


def bucket_access(place: Place, bucket: str, key_alias: str | None) -> PolicyDocument:
    """Every object of the one bucket, which nobody else uses; nothing of its settings, and no other bucket.

    Not below a prefix: Milvus asks whether the bucket exists before it knows any.
    """
    arn = place.arn("s3", bucket, region="", account="")
    statements: list[Mapping[str, Any]] = [
        {
            "Sid": "Bucket",
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            "Resource": arn,
        },
        {
            "Sid": "Objects",
            "Effect": "Allow",
            "Action": [
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ],
            "Resource": f"{arn}/*",
        },
    ]
    if key_alias is not None:
        statements.append(
            {
                "Sid": "ObjectsAreEncrypted",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                # A key's id is drawn by KMS; its alias is ours, and known now.
                "Resource": place.arn("kms", "key/*"),
                "Condition": {
                    "StringEquals": {"kms:ViaService": f"s3.{place.region}.{place.dns_suffix}"},
                    "ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias},
                },
            }
        )
    return document(*statements)
