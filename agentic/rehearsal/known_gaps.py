"""Kinds that are rehearsed by nobody, each with its reason: the list that may shrink and never grows unseen.

`agentic rehearse --require-schemas` fails on a kind without a schema that is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_CLICKHOUSE = (
    "the operator's module is served by no public module proxy we could ask; its chart brings them, where Helm "
    "reaches ghcr.io"
)

KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "clickhouse.com/v1alpha1 ClickHouseCluster": _CLICKHOUSE,
        "clickhouse.com/v1alpha1 KeeperCluster": _CLICKHOUSE,
    }
)
"""`apiVersion kind`, and why there may be no schema of it: with one at hand it is judged like every other."""


def unknown(kinds: Iterable[str]) -> list[str]:
    """Those without a schema that nobody has accounted for."""
    return sorted(set(kinds) - set(KNOWN))
