"""What a provider has to say about one resource type; all else (preview, journal, diff, secrets) is shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agentic.sandbox.providers.changes import Change

Properties = dict[str, Any]


class ResourceError(Exception):
    """A request was refused; the text starts with the code that the real service would answer."""

    def __init__(self, code: str, message: str) -> None:
        """Join code and message the way AWS and Kubernetes print them."""
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True)
class Named:
    """Who is asking: enough to make a name up and to leave a mark on the thing made."""

    urn: str
    name: str
    seed: bytes = b""


@dataclass(frozen=True)
class Observed:
    """A thing as it is now: `inputs` are what a program would have to say to get it."""

    inputs: Properties
    outputs: Properties


class ResourceKind(Protocol):
    """One resource type. Values are plain: no secrets; unknowns only in `check`, `preview` and `replaces`."""

    unordered: bool

    def check(
        self, named: Named, olds: Mapping[str, Any], news: Properties
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """Complete inputs (names made up) and list (property, reason) for each that is not allowed."""
        ...

    def replaces(self, change: Change) -> bool:
        """Tell whether this change needs another thing."""
        ...

    def same_place(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Tell whether old and new would collide, so that the old must go first."""
        ...

    def preview(self, inputs: Properties, before: Mapping[str, Any] | None) -> Properties:
        """Give outputs as far as they are known without doing anything."""
        ...

    def create(self, named: Named, inputs: Properties) -> str:
        """Make it and return its id."""
        ...

    def read(self, identity: str, like: Mapping[str, Any] | None) -> Observed | None:
        """Look at it; where it equals `like` in meaning, keep the form of `like`. None when it is gone."""
        ...

    def update(self, named: Named, identity: str, olds: Mapping[str, Any], news: Properties) -> None:
        """Change what differs, in place."""
        ...

    def delete(self, identity: str, outputs: Mapping[str, Any]) -> None:
        """Remove it; already gone is success."""
        ...

    def find(self, named: Named, inputs: Mapping[str, Any]) -> list[str]:
        """List ids of what an interrupted `create` of the same resource may have left."""
        ...


class Provider(Protocol):
    """One package of resource types."""

    package: str

    def check_config(self, news: Properties) -> list[tuple[str, str]]:
        """List what is wrong with the provider's own inputs."""
        ...

    def configure(self, inputs: Properties) -> None:
        """Take the provider's inputs; raise when they cannot work."""
        ...

    def config_replaces(self, change: Change, olds: Properties, news: Properties) -> bool:
        """Tell whether a change of the provider's inputs moves every resource."""
        ...

    def kind(self, token: str) -> ResourceKind:
        """Find a type or raise, naming the file where a new one is added."""
        ...

    def construct(self, request: Any) -> Any:
        """Register a remote component; raise where the package has none."""
        ...
