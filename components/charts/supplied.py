"""Images that a stack's config names: with a registry and a version, so that all pods run the same."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from components.charts.images import Image, TagOnly

_PINNED = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._/:-]*?)(?P<pin>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$"
)
_THEIRS = TagOnly(
    reason="the stack's config names this image by tag; its owner can write a digest there",
    expires=date(2027, 2, 28),
)


def _pinned(image: str) -> str:
    match = _PINNED.match(image)
    if match is None:
        raise ValueError(f"{image!r} has no tag and no digest; name a version, better still @sha256:...")
    if match["pin"] == ":latest":
        raise ValueError(f"{image!r} is a moving tag: two pods could run two versions; name a version")
    if "/" not in match["name"]:
        raise ValueError(
            f"{image!r} names no registry, which means another one to every runtime; write it whole"
        )
    return image


PinnedImage = Annotated[str, AfterValidator(_pinned)]


def image_of(reference: str) -> Image:
    """What pods that are made of it will pull, as declared pods have it."""
    repository, at, digest = reference.partition("@")
    if at:
        return Image(repository=repository, tag="by-digest", digest=digest)
    repository, _, tag = reference.rpartition(":")
    return Image(repository=repository, tag=tag, tag_only=_THEIRS)
