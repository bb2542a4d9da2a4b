"""The vocabulary of an expansion: children, and values that only exist once a sibling does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Attribute:
    """An output of a child, by the child's logical name and a dotted path (`certificateAuthority.data`)."""

    child: str
    path: str


@dataclass(frozen=True)
class Whole:
    """A child itself, handed on as a resource reference."""

    child: str


@dataclass(frozen=True)
class Derived:
    """A value made from outputs by a pure function of keyword arguments."""

    function: Callable[..., Any]
    parts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Child:
    """One resource a component registers under itself.

    Inputs are plain values, the component's own inputs passed through, or `Attribute` and `Derived` of
    siblings that come earlier in the expansion.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    from_inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The inputs of the component each property is made from: its dependencies come from there."""
    ignore_changes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """Children in the order they are registered, and the component's outputs."""

    children: tuple[Child, ...]
    outputs: Mapping[str, Any]


class ExpansionError(ValueError):
    """The component was given something its expansion does not know: nothing is ever dropped in silence."""

    def __init__(self, component: str, faults: str) -> None:
        super().__init__(f"{component}: {faults}")
        self.faults = faults
