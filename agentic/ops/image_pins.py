"""Fills in the digests of images that are pinned by tag only, where their registries can be asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agentic.errors import OperatorError
from agentic.ops.registry import RegistryError, digest
from components.charts.images import IMAGES, Image

SOURCE = Path("components/charts/images.py")
Ask = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of one image afterwards."""

    image: Image
    action: str
    detail: str


def renew(root: Path, *, images: tuple[Image, ...] = IMAGES, ask: Ask = digest) -> list[Outcome]:
    """Write the digests that could be had, and check those that are there; a moved tag is an error."""
    path = root / SOURCE
    text = path.read_text("utf-8")
    outcomes: list[Outcome] = []
    moved: list[str] = []
    for image in images:
        try:
            found = ask(image.repository, image.tag)
        except RegistryError as error:
            outcomes.append(Outcome(image, "left", str(error)))
            continue
        if image.digest is None:
            text = _with_digest(text, image, found)
            outcomes.append(Outcome(image, "pinned", found))
        elif image.digest == found:
            outcomes.append(Outcome(image, "kept", found))
        else:
            moved.append(f"{image.repository}:{image.tag} is pinned as {image.digest} and is now {found}")
    if moved:
        raise OperatorError(
            "\n  ".join(["a tag does not stand for its pinned digest:", *moved]),
            remedy="find out why it moved before pinning it again: a published version never should",
        )
    path.write_text(text, "utf-8")
    return outcomes


def _with_digest(text: str, image: Image, found: str) -> str:
    pattern = re.compile(
        rf'(repository="{re.escape(image.repository)}",\s*tag="{re.escape(image.tag)}",\s*)tag_only=\w+'
    )
    pinned, count = pattern.subn(rf'\g<1>digest="{found}"', text)
    if count != 1:
        raise OperatorError(
            f"{SOURCE}: {image.repository}:{image.tag} stands there {count} times with tag_only",
            remedy="write it as Image(repository=..., tag=..., tag_only=...), once",
        )
    return pinned
