"""What a rule is, what it may look at, and what it answers: pass, violation, or that it cannot know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, cast


class Outcome(StrEnum):
    """A rule's answer about one thing. What only the cloud knows is never a pass."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    UNKNOWN = "unknown"
    VIOLATION = "violation"


class Severity(StrEnum):
    """What a violation may cost."""

    CRITICAL = "critical"
    """Data, or somebody else's secrets."""
    HIGH = "high"
    """An outage, or a change nobody made."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a plan."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    unknowns: frozenset[str] = frozenset()
    """Paths of inputs that only the cloud knows: `spec.schedule`, `rules[0].schedule`."""

    def get(self, *path: str) -> Any:
        """What stands at a path of keys, or None."""
        found: Any = self.inputs
        for key in path:
            found = cast("Mapping[str, Any]", found).get(key) if isinstance(found, Mapping) else None
        return found

    def is_unknown(self, *path: str) -> bool:
        """Whether anything at, below or above this path is the cloud's to say."""
        wanted = ".".join(path)
        return any(_touch(unknown, wanted) for unknown in self.unknowns)

    @property
    def where(self) -> str:
        """How a person finds it in the plan."""
        return f"{self.type} {self.name}"


def _touch(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or longer.startswith((f"{shorter}.", f"{shorter}["))


@dataclass(frozen=True, kw_only=True)
class Store:
    """Something that holds data, as its component declares it: a plan cannot see volumes inside a release."""

    what: str
    type: str
    """The resource's type, or PersistentVolumeClaim for a volume that a release or an operator makes."""
    name: str
    """The resource's name, or `namespace/claim`."""
    rebuilt: bool = False
    """Whether it is filled again from what others hold, and so has no backup on purpose."""


@dataclass(frozen=True, kw_only=True)
class ImageUse:
    """One image that the stack pulls."""

    reference: str
    users: tuple[str, ...]
    unknown: bool = False
    reason: str = ""
    """Why it has no digest, where somebody said so."""
    expires: date | None = None


@dataclass(frozen=True, kw_only=True)
class CustomObject:
    """An object of a kind that no cluster has by itself."""

    where: str
    kind: str
    """As a server names it when it refuses: `ServiceMonitor.monitoring.coreos.com`."""
    brought_by: tuple[str, ...]
    """What installs the kind's definition, of this plan."""
    comes_after: bool
    """Whether it needs one of those, directly or not."""
    known: bool = True
    """Whether anybody here knows what installs the kind."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that rules may look at: a plan, and what its components declare about their releases."""

    resources: Sequence[Resource]
    today: date
    stores: Sequence[Store] | None = None
    """None: nobody could say, so what releases hold is unknown."""
    images: Sequence[ImageUse] = ()
    releases_declared: bool = True
    """Whether the images of releases are among them."""
    custom_objects: Sequence[CustomObject] = ()

    def all(self, type_token: str) -> list[Resource]:
        """Every resource of a type."""
        return [one for one in self.resources if one.type == type_token]


@dataclass(frozen=True, order=True)
class Finding:
    """What a rule says about one thing."""

    where: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: a function of facts, and what a person needs to act on its answer."""

    id: str
    severity: Severity
    reason: str
    """What goes wrong without it."""
    remedy: str
    judge: Callable[[Facts], Iterable[Finding]] = field(repr=False)

    def findings(self, facts: Facts) -> tuple[Finding, ...]:
        """Every answer, in an order that does not depend on the plan's."""
        return tuple(sorted(self.judge(facts)))


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Violation over unknown over pass."""
    found = set(outcomes)
    return next((one for one in (Outcome.VIOLATION, Outcome.UNKNOWN) if one in found), Outcome.PASS)
