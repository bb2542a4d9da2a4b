"""Every image that a plan would pull: declared by its releases or named by its objects, and how it is pinned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast

from agentic.plan.demands import pod_templates
from agentic.plan.model import Plan, Resource
from components.charts.images import IMAGES, Image

_BY_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_TAG = re.compile(r":(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$")
_REFERENCE = re.compile(r"^[a-z0-9][a-z0-9.-]*(:[0-9]+)?/[^\s{}$]+$")
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_CORE = ("apps/", "batch/", "core/")


class Pinned(StrEnum):
    """What a second pull of the same reference may bring."""

    DIGEST = "digest"
    """The same bytes, always."""
    TAG = "tag"
    """Whatever the tag's owner has put there since."""
    MOVING = "moving"
    """Whatever is newest: `latest`, or no tag at all."""
    UNKNOWN = "unknown"
    """Only the cloud knows the reference."""


@dataclass(frozen=True, kw_only=True)
class PulledImage:
    """One reference, and who pulls it."""

    reference: str
    pinned: Pinned
    reason: str = ""
    """Why it has no digest, where somebody said so."""
    expires: date | None = None
    """Until when that is acceptable."""
    users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Images:
    """All of them, by reference."""

    images: tuple[PulledImage, ...]
    declared: bool
    """Whether those of releases are among them."""

    def count(self, pinned: Pinned) -> int:
        """How many are pinned like that."""
        return sum(image.pinned is pinned for image in self.images)

    @property
    def unexplained(self) -> tuple[PulledImage, ...]:
        """Those that move, or have a bare tag without a reason."""
        return tuple(
            image
            for image in self.images
            if image.pinned is Pinned.MOVING or (image.pinned is Pinned.TAG and not image.reason)
        )

    @property
    def first_expiry(self) -> date | None:
        """When the first reason ends."""
        return min((image.expires for image in self.images if image.expires), default=None)


def images(plan: Plan) -> Images:
    """The images of a plan; the same plan gives the same list."""
    users: dict[str, set[str]] = {}
    # Of objects the plan knows the reference alone; why it has no digest stands beside the pin.
    said: dict[str, Image] = {image.reference: image for image in IMAGES}
    for pod in plan.pods or ():
        for image in pod.images:
            said[image.reference] = image
            users.setdefault(image.reference, set()).add(f"release {pod.release}")
    for reference, user in (*_of_workloads(plan), *_of_custom_resources(plan)):
        users.setdefault(reference, set()).add(user)
    return Images(
        images=tuple(_pulled(name, said.get(name), users[name]) for name in sorted(users)),
        declared=plan.pods is not None,
    )


def how_pinned(reference: str) -> Pinned:
    """How a reference is pinned, by its text alone."""
    if "@{" in reference:
        return Pinned.UNKNOWN
    if _BY_DIGEST.search(reference):
        return Pinned.DIGEST
    # An @ without a digest behind it names nothing that can be pulled.
    tag = None if "@" in reference else _TAG.search(reference.rpartition("/")[2])
    return Pinned.TAG if tag and tag["tag"] != "latest" else Pinned.MOVING


def _pulled(reference: str, image: Image | None, users: set[str]) -> PulledImage:
    excuse = image.tag_only if image else None
    return PulledImage(
        reference=reference,
        pinned=how_pinned(reference),
        reason=excuse.reason if excuse else "",
        expires=excuse.expires if excuse else None,
        users=tuple(sorted(users)),
    )


def _of_workloads(plan: Plan) -> Iterator[tuple[str, str]]:
    for resource, pod in pod_templates(plan):
        for key in _CONTAINERS:
            entries = pod.get(key)
            for container in cast("list[dict[str, Any]]", entries) if isinstance(entries, list) else []:
                if isinstance(container.get("image"), str):
                    yield container["image"], _user(resource)
        for reference in _mounted(pod.get("volumes")):
            yield reference, _user(resource)


def _mounted(volumes: object) -> Iterator[str]:
    """Images that are volumes: pulled like any other, and as little to be trusted by a tag."""
    for volume in cast("list[dict[str, Any]]", volumes) if isinstance(volumes, list) else []:
        source = volume.get("image")
        if isinstance(source, dict):
            yield str(cast("dict[str, Any]", source).get("reference", "unknown"))


def _of_custom_resources(plan: Plan) -> Iterator[tuple[str, str]]:
    """Whatever stands under a key `image` in an object that an operator turns into pods."""
    for resource in plan:
        group = resource.type.removeprefix("kubernetes:")
        is_custom = resource.type.startswith("kubernetes:") and "." in group.split("/")[0]
        if is_custom and not group.startswith((*_CORE, "helm.sh/")):
            for reference in _images_in(resource.inputs.get("spec")):
                yield reference, _user(resource)


def _images_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key == "image" and isinstance(inner, str) and _REFERENCE.match(inner):
                yield inner
            elif key == "image" and _is_in_parts(inner):
                yield from _assembled(cast("dict[str, Any]", inner))
            else:
                yield from _images_in(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _images_in(inner)


def _is_in_parts(value: object) -> bool:
    return isinstance(value, dict) and "repository" in value


def _assembled(parts: dict[str, Any]) -> Iterator[str]:
    """Registry, repository, tag and digest, each in a field of its own."""
    digest = next((str(parts[key]) for key in ("digest", "hash", "sha") if parts.get(key)), "")
    tag = f":{parts['tag']}" if parts.get("tag") else ""
    registry = f"{parts['registry']}/" if parts.get("registry") else ""
    yield f"{registry}{parts['repository']}{tag}{f'@{digest}' if digest else ''}"


def _user(resource: Resource) -> str:
    kind = str(resource.inputs.get("kind") or resource.type.rpartition(":")[2])
    metadata = resource.section("metadata")
    name, namespace = metadata.get("name", resource.name), metadata.get("namespace")
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
