from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from policies.rules.pinning import IMAGE_IS_PINNED as RULE
from policies.rules.rule import ImageUse, Outcome
from tests.policies.rules.facts import facts, only

DIGEST = ImageUse(reference=f"quay.io/a/b:v1@sha256:{'0' * 64}", users=("release x",))
TAGGED = ImageUse(
    reference="quay.io/a/b:v1", users=("release x",), reason="no registry", expires=date(2026, 11, 23)
)


def judged(image: ImageUse) -> tuple[Outcome, str]:
    found = only(RULE, facts(images=[image]))
    assert found.where == image.reference
    return found.outcome, found.detail


def test_a_digest_passes() -> None:
    assert judged(DIGEST) == (Outcome.PASS, "by digest (release x)")


def test_a_reason_holds_until_its_last_day() -> None:
    assert judged(TAGGED)[0] is Outcome.PASS
    assert judged(replace(TAGGED, expires=date(2026, 11, 22))) == (
        Outcome.VIOLATION,
        "its reason for having no digest ended on 2026-11-22 (release x)",
    )


def test_a_bare_tag_needs_a_reason_with_a_date() -> None:
    bare = (Outcome.VIOLATION, "a tag without a digest, and nobody says why (release x)")
    assert judged(replace(TAGGED, reason="")) == bare
    assert judged(replace(TAGGED, expires=None)) == bare


@pytest.mark.parametrize(
    "reference", ["quay.io/a/b:latest", "quay.io/a/b", "localhost:5000/a/b", "quay.io/a/b@sha256:short"]
)
def test_a_moving_tag_is_not_excused(reference: str) -> None:
    assert judged(replace(TAGGED, reference=reference))[1] == "a moving tag, or none (release x)"


def test_a_reference_that_only_the_cloud_knows_is_unknown() -> None:
    assert judged(replace(TAGGED, reference="@{aws:ecr}:v1", unknown=True))[0] is Outcome.UNKNOWN


def test_without_declarations_the_images_of_releases_are_unknown() -> None:
    found = only(RULE, replace(facts(), releases_declared=False))
    assert (found.where, found.outcome) == ("releases", Outcome.UNKNOWN)
