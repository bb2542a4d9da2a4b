"""Where weights come from, said so that every pod gets the same bytes and none asks anybody else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from components.core.spec import Spec

BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
PREFIX = r"^[A-Za-z0-9][A-Za-z0-9._=-]*(/[A-Za-z0-9][A-Za-z0-9._=-]*)*$"
"""Without a slash at either end: with one, `aws s3 sync` would copy into a directory without a name."""
DIGEST = r"^[a-z0-9][a-z0-9.-]*(:[0-9]+)?/[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?@sha256:[0-9a-f]{64}$"

ImageByDigest = Annotated[str, StringConstraints(pattern=DIGEST, max_length=512)]
"""An image with registry and digest: whoever owns a tag could change what a server runs or answers with."""


class S3Weights(Spec):
    """Files below a prefix of a bucket: safetensors, configuration and tokenizer; nothing else is copied."""

    source: Literal["s3"]
    prefix: Annotated[str, StringConstraints(pattern=PREFIX, max_length=512)] = Field(
        description="Where the files are, with their revision in it: models/qwen3-8b/9c925d6."
    )
    bucket: Annotated[str, StringConstraints(pattern=BUCKET)] | None = Field(
        default=None, description="A bucket of this account and region; left out: the platform's own."
    )
    key_alias: Annotated[str, StringConstraints(pattern=r"^alias/[A-Za-z0-9/_-]+$")] | None = Field(
        default=None, description="The KMS key of a bucket that is named, where it has one of its own."
    )


class ImageWeights(Spec):
    """An OCI image that holds the files; the kubelet mounts it (Kubernetes 1.35 and later)."""

    source: Literal["image"]
    image: ImageByDigest = Field(description="The image with registry and digest; it has no program.")
    path: Annotated[str, StringConstraints(pattern=PREFIX)] | None = Field(
        default=None, description="The directory of the files in the image; left out: its root."
    )


Weights = Annotated[S3Weights | ImageWeights, Field(discriminator="source")]
