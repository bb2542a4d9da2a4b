"""What Velero may do in AWS: its prefix of the backups bucket, and the key of that bucket."""

from __future__ import annotations

from components.backup.render import PREFIX
from components.core.aws import Place
from components.core.identity import PolicyDocument, document


def bucket_access(place: Place, bucket: str, key_alias: str) -> PolicyDocument:
    """Objects under one prefix. It deletes, because backups expire; old versions stay out of its reach."""
    arn = f"arn:{place.partition}:s3:::{bucket}"
    return document(
        {
            "Sid": "Objects",
            "Effect": "Allow",
            "Action": [
                "s3:GetObject",
                "s3:PutObject",
                "s3:DeleteObject",
                "s3:AbortMultipartUpload",
                "s3:ListMultipartUploadParts",
            ],
            "Resource": [f"{arn}/{PREFIX}/*"],
        },
        {
            "Sid": "List",
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": [arn],
            "Condition": {"StringLike": {"s3:prefix": [f"{PREFIX}/*"]}},
        },
        {
            "Sid": "ObjectsAreEncrypted",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            # A key's id is drawn by KMS; its alias is ours, and known now.
            "Resource": [place.arn("kms", "key/*")],
            "Condition": {
                "StringEquals": {"kms:ViaService": f"s3.{place.region}.{place.dns_suffix}"},
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias},
            },
        },
    )
