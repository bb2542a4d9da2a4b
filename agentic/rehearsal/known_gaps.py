"""Kinds that are rehearsed by nobody, each with its reason: the list that may shrink and never grows unseen.

`agentic rehearse --require-schemas` fails on a kind without a schema that is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

KNOWN: Mapping[str, str] = MappingProxyType({})
"""`apiVersion kind`, and why there is no schema of it to be had."""


def unknown(kinds: Iterable[str]) -> list[str]:
    """Those without a schema that nobody has accounted for."""
    return sorted(set(kinds) - set(KNOWN))
