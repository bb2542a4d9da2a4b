"""Where weights come from, said so that every pod gets the same bytes and none asks anybody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from components.core.spec import Spec

_BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
_ALIAS = r"^alias/[A-Za-z0-9/_-]{1,250}$"
_PREFIX = r"^[A-Za-z0-9][A-Za-z0-9._=-]*(/[A-Za-z0-9][A-Za-z0-9._=-]*)*$"
"""Without a slash at either end: with one, `aws s3 sync` would look below a directory without a name."""
_BY_DIGEST = (
    r"^[a-z0-9][a-z0-9.-]*(:[0-9]+)?/[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?@sha256:[0-9a-f]{64}$"
)
LONGEST = 512


def _shaped(pattern: str, what: str, remedy: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) > LONGEST or re.fullmatch(pattern, value) is None:
            raise ValueError(f"{value[:80]!r} is not {what}; {remedy}")
        return value

    return check


BucketName = Annotated[
    str,
    AfterValidator(
        _shaped(_BUCKET, "the name of a bucket", "write the name alone, without s3:// and without a path")
    ),
    WithJsonSchema({"type": "string", "pattern": _BUCKET}),
]
KeyAlias = Annotated[
    str,
    AfterValidator(_shaped(_ALIAS, "the alias of a key", "write for example alias/weights")),
    WithJsonSchema({"type": "string", "pattern": _ALIAS}),
]
Path = Annotated[
    str,
    AfterValidator(
        _shaped(_PREFIX, "a path of files", "write it without a slash at either end: models/qwen3-8b/9c925d6")
    ),
    WithJsonSchema({"type": "string", "pattern": _PREFIX}),
]
ImageByDigest = Annotated[
    str,
    AfterValidator(
        _shaped(
            _BY_DIGEST,
            "an image by digest",
            "write registry/name@sha256:<64 hex digits>; whoever owns a tag could change what runs",
        )
    ),
    WithJsonSchema({"type": "string", "pattern": _BY_DIGEST}),
]


class S3Weights(Spec):
    """Files below a prefix of a bucket: safetensors, configuration and tokenizer; nothing else is copied."""

    source: Literal["s3"] = Field(description="Out of the models bucket.")
    prefix: Path = Field(
        description="Where the files are, with their revision in it: models/qwen3-8b/9c925d6."
    )
    bucket: BucketName | None = Field(
        default=None, description="A bucket of this account and region; left out: the platform's own."
    )
    key_alias: KeyAlias | None = Field(
        default=None, description="The KMS key of a bucket that is named, where it has one of its own."
    )


class ImageWeights(Spec):
    """An OCI image that holds the files; the kubelet mounts it (Kubernetes 1.35 and later)."""

    source: Literal["image"] = Field(description="An image that is a volume.")
    image: ImageByDigest = Field(description="The image with registry and digest; it has no program.")
    path: Path | None = Field(
        default=None, description="The directory of the files in the image; left out: its root."
    )


Weights = Annotated[S3Weights | ImageWeights, Field(discriminator="source")]
