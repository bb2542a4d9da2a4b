"""What a model server may do in AWS: read its own files, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.models.loading import sources
from components.models.servers import Server
from components.models.weights import S3Weights


def read_weights(
    place: Place, server: Server, *, bucket: str | None, key_alias: str | None
) -> PolicyDocument:
    """Below its own prefixes, model and adapters; with the keys that these buckets are encrypted with."""
    found = [one for one in sources(server).values() if isinstance(one, S3Weights)]
    statements: list[Mapping[str, Any]] = []
    for index, (name, prefixes) in enumerate(sorted(_by_bucket(found, bucket).items())):
        arn = place.arn("s3", name, region="", account="")
        statements += [
            {
                "Sid": f"List{index}",
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": arn,
                "Condition": {"StringLike": {"s3:prefix": [f"{prefix}/*" for prefix in prefixes]}},
            },
            {
                "Sid": f"Read{index}",
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": [f"{arn}/{prefix}/*" for prefix in prefixes],
            },
        ]
    aliases = sorted({alias for one in found if (alias := one.key_alias if one.bucket else key_alias)})
    if aliases:
        statements.append(
            {
                "Sid": "Decrypt",
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                # A key's id is drawn by KMS; its alias is known now.
                "Resource": place.arn("kms", "key/*"),
                "Condition": {
                    "StringEquals": {"kms:ViaService": f"s3.{place.region}.{place.dns_suffix}"},
                    "ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases},
                },
            }
        )
    return document(*statements)


def _by_bucket(found: list[S3Weights], bucket: str | None) -> dict[str, list[str]]:
    prefixes: dict[str, list[str]] = {}
    for one in found:
        home = one.bucket or bucket
        assert home is not None, "checks refuse weights without a bucket"
        prefixes.setdefault(home, []).append(one.prefix)
    return {name: sorted(set(there)) for name, there in prefixes.items()}
