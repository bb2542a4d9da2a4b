"""The Secrets a release reads, as data: the release names them, somebody else makes them first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A value that is drawn once, in the cluster, and never changes by itself."""

    length: int
    alphabet: Literal["alphanumeric", "hex"] = "alphanumeric"
    """No symbols: such values end up in URLs, where a symbol would have to be escaped by every reader."""
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class SecretNeed:
    """One Secret that has to exist in a namespace before the pods that read it."""

    name: str
    namespace: str
    generated: Mapping[str, Generated] = field(default_factory=dict[str, Generated])
    """Values that are drawn for this Secret, by key."""
    literal: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values that are no secret but belong beside one."""
    supplied: tuple[str, ...] = ()
    """Keys whose values come from elsewhere, such as the address and password of a database."""
    derived: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Key -> the `secret/key` values that it is made of, where two readers need one value in two forms."""

    @property
    def keys(self) -> frozenset[str]:
        """Every key that a reader may name."""
        return frozenset({*self.generated, *self.literal, *self.supplied, *self.derived})
