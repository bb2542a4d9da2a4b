"""What came of one rehearsal, as data, as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One refusal, in the server's words."""

    what: str
    urn: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """An object that the server could not judge, and why."""

    what: str
    urn: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Everything of a plan that is Kubernetes' business, each thing in exactly one of four lists."""

    stack: str
    kubernetes: str
    definitions: int
    """Third-party definitions that were installed first."""
    accepted: tuple[str, ...]
    pods: int
    """Pods that were tried and accepted, beside the objects of the plan."""
    rejected: tuple[Rejection, ...]
    without_schema: Mapping[str, tuple[str, ...]]
    """Objects by `apiVersion kind`, of kinds that nothing at hand defines."""
    opaque: tuple[Unjudged, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def is_clean(self) -> bool:
        """Whether the server took all it could judge."""
        return not self.rejected


def as_json(rehearsal: Rehearsal) -> dict[str, Any]:
    """The result for programs."""
    return {**asdict(rehearsal), "clean": rehearsal.is_clean}


def as_text(rehearsal: Rehearsal) -> str:
    """The result for people: numbers first, then whatever needs reading."""
    total = sum(rehearsal.seconds.values())
    lines = [
        f"rehearsal of {rehearsal.stack} on Kubernetes {rehearsal.kubernetes}: {total:.1f} s",
        f"  accepted        {len(rehearsal.accepted)} objects, {rehearsal.pods} pods",
        f"  rejected        {len(rehearsal.rejected)}",
        f"  without schema  {_without_schema(rehearsal)}",
        f"  opaque          {len(rehearsal.opaque)}{_listed(one.what for one in rehearsal.opaque)}",
        f"  definitions     {rehearsal.definitions} installed",
    ]
    lines += [f"  note            {note}" for note in rehearsal.notes]
    lines += [f"  warning         {warning}" for warning in rehearsal.warnings]
    for rejection in rehearsal.rejected:
        lines += ["", f"rejected: {rejection.what}", f"  {rejection.urn}"]
        lines += [f"  {line}" for line in rejection.words.splitlines()]
    return "\n".join(lines) + "\n"


def _without_schema(rehearsal: Rehearsal) -> str:
    kinds = rehearsal.without_schema
    count = sum(len(objects) for objects in kinds.values())
    return f"{count}{_listed(f'{kind} {len(objects)}' for kind, objects in sorted(kinds.items()))}"


def _listed(names: Any) -> str:
    text = ", ".join(names)
    return f": {text}" if text else ""
