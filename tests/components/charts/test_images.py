from __future__ import annotations

from datetime import date, timedelta

import pytest

from components.charts import images, pins
from components.charts.images import IMAGES, Image, TagOnly, expired

EXCUSE = TagOnly(reason="a reason", expires=date(2027, 1, 31))
DIGEST = "sha256:" + "0" * 64


def test_every_image_of_the_file_is_in_the_list() -> None:
    declared = [value for value in vars(images).values() if isinstance(value, Image)]
    assert sorted(image.reference for image in declared) == sorted(image.reference for image in IMAGES)


def test_every_image_names_its_registry() -> None:
    for image in IMAGES:
        assert "." in image.repository.partition("/")[0], image.repository


@pytest.mark.parametrize(
    ("image", "pin"),
    [
        (images.KARPENTER, pins.KARPENTER),
        (images.NVIDIA_DEVICE_PLUGIN, pins.NVIDIA_DEVICE_PLUGIN),
        (images.CERT_MANAGER_CONTROLLER, pins.CERT_MANAGER),
        (images.CERT_MANAGER_WEBHOOK, pins.CERT_MANAGER),
        (images.CERT_MANAGER_CAINJECTOR, pins.CERT_MANAGER),
        (images.CERT_MANAGER_ACMESOLVER, pins.CERT_MANAGER),
        (images.CERT_MANAGER_STARTUPAPICHECK, pins.CERT_MANAGER),
        (images.EXTERNAL_SECRETS, pins.EXTERNAL_SECRETS),
        (images.AWS_LOAD_BALANCER_CONTROLLER, pins.AWS_LOAD_BALANCER_CONTROLLER),
    ],
)
def test_a_chart_bump_cannot_forget_its_images(image: Image, pin: pins.Pin) -> None:
    assert image.tag.removeprefix("v") == pin.version.removeprefix("v"), image.repository


def test_a_digest_is_part_of_the_reference() -> None:
    image = Image(repository="registry.example/app", tag="1.0", digest=DIGEST)
    assert image.reference == f"registry.example/app:1.0@{DIGEST}"
    assert image.values() == {"tag": "1.0", "digest": DIGEST}


def test_an_excused_image_is_named_by_its_tag() -> None:
    image = Image(repository="registry.example/app", tag="1.0", tag_only=EXCUSE)
    assert image.reference == "registry.example/app:1.0"
    assert image.values() == {"tag": "1.0"}


def test_an_image_without_digest_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="give a digest, or a tag-only reason, and not both"):
        Image(repository="registry.example/app", tag="1.0")


def test_an_image_with_digest_takes_no_excuse() -> None:
    with pytest.raises(ValueError, match="give a digest, or a tag-only reason, and not both"):
        Image(repository="registry.example/app", tag="1.0", digest=DIGEST, tag_only=EXCUSE)


def test_a_digest_has_the_form_of_one() -> None:
    with pytest.raises(ValueError, match="'sha256:abc' is not a sha256 digest"):
        Image(repository="registry.example/app", tag="1.0", digest="sha256:abc")


@pytest.mark.parametrize("tag", ["latest", ""])
def test_a_moving_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="is a moving tag; name a version"):
        Image(repository="registry.example/app", tag=tag, tag_only=EXCUSE)


def test_an_excuse_holds_through_its_last_day_and_not_a_day_longer() -> None:
    last = min(image.tag_only.expires for image in IMAGES if image.tag_only)
    assert expired(last) == ()
    assert expired(last + timedelta(days=1)) == tuple(image for image in IMAGES if image.tag_only)


def test_a_digest_never_expires() -> None:
    assert images.KARPENTER not in expired(date(2100, 1, 1))
