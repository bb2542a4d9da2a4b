"""What Langfuse may do in AWS: its own prefixes of its own bucket, and the key that bucket is encrypted with."""

from __future__ import annotations

from components.core.aws import Place
from components.core.identity import PolicyDocument, document

PREFIXES = ("events", "exports", "media")


def bucket_access(place: Place, bucket: str, key_alias: str | None) -> PolicyDocument:
    """Objects under the three prefixes; nothing of the bucket's settings, and no other bucket."""
    arn = f"arn:{place.partition}:s3:::{bucket}"
    objects = {
        "Sid": "Objects",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        "Resource": [f"{arn}/{prefix}/*" for prefix in PREFIXES],
    }
    listing = {
        "Sid": "List",
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": [arn],
        "Condition": {"StringLike": {"s3:prefix": [f"{prefix}/*" for prefix in PREFIXES]}},
    }
    if key_alias is None:
        return document(objects, listing)
    encryption = {
        "Sid": "ObjectsAreEncrypted",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        # A key's id is drawn by KMS; its alias is ours, and known now.
        "Resource": [place.arn("kms", "key/*")],
        "Condition": {
            "StringEquals": {"kms:ViaService": f"s3.{place.region}.{place.dns_suffix}"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias},
        },
    }
    return document(objects, listing, encryption)
