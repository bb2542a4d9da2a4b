"""Every image is the same bytes on every pull, or says why it is not and until when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.rules.rule import Facts, Finding, ImageUse, Outcome, Rule, Severity

_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_VERSION = re.compile(r":(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]*$")


def judge(facts: Facts) -> Iterator[Finding]:
    """One answer for each image."""
    for image in facts.images:
        outcome, detail = _judged(image, facts)
        users = ", ".join(image.users)
        yield Finding(image.reference, outcome, f"{detail} ({users})" if users else detail)
    if not facts.releases_declared:
        yield Finding("releases", Outcome.UNKNOWN, "nothing says which images the releases pull")


def _judged(image: ImageUse, facts: Facts) -> tuple[Outcome, str]:
    if image.unknown:
        return Outcome.UNKNOWN, "the reference is not known yet"
    if _DIGEST.search(image.reference):
        return Outcome.PASS, "by digest"
    if "@" in image.reference or not _VERSION.search(image.reference.rpartition("/")[2]):
        return Outcome.VIOLATION, "a moving tag, or none"
    if not image.reason or image.expires is None:
        return Outcome.VIOLATION, "a tag without a digest, and nobody says why"
    if image.expires < facts.today:
        return Outcome.VIOLATION, f"its reason for having no digest ended on {image.expires.isoformat()}"
    return Outcome.PASS, f"by tag until {image.expires.isoformat()}: {image.reason}"


IMAGE_IS_PINNED = Rule(
    id="image_is_pinned",
    severity=Severity.HIGH,
    reason="whoever owns a tag can change what runs here without a change of ours",
    remedy="run `make pins`, or write a digest; else a tag-only reason with a date in components/charts/images.py",
    judge=judge,
)
