"""What the objects of a plan say about themselves: warnings and prices of choices that are no faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentic.plan.model import Plan
from components.core.labels import NOTICE_ANNOTATION


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One sentence about one object."""

    what: str
    text: str


def notices(plan: Plan) -> tuple[Notice, ...]:
    """Every notice, by object; those of one object as they stand there."""
    return tuple(sorted(_found(plan), key=lambda notice: notice.what))


def _found(plan: Plan) -> Iterator[Notice]:
    for resource in plan:
        metadata = resource.section("metadata")
        said = resource.section("metadata", "annotations").get(NOTICE_ANNOTATION)
        if isinstance(said, str):
            kind = resource.type.rpartition(":")[2]
            name = f"{kind} {metadata.get('name', resource.name)}"
            yield from (Notice(what=name, text=text) for text in said.splitlines())
