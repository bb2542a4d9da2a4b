"""The Secrets that every tenant finds in its namespace without asking: one list for those who read and who name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from components.cache.spec import TENANT_READS
from components.gateway.secrets import key_name
from components.vectors.spec import VectorsSpec
from components.vectors.users import users

OWN_CACHES = frozenset({"elasticache", "valkey"})
"""Caches in which each tenant is a user; one that somebody else runs has a single URL for all."""


def given(
    tenants: Iterable[str], parts: Collection[str], vectors: VectorsSpec
) -> Mapping[str, tuple[str, ...]]:
    """By tenant: the names of what the stack's parts give it."""
    return {tenant: _given(tenant, parts, vectors) for tenant in tenants}


def _given(tenant: str, parts: Collection[str], vectors: VectorsSpec) -> tuple[str, ...]:
    return tuple(
        sorted(
            (
                *([key_name(tenant)] if "gateway" in parts else []),
                *([TENANT_READS] if OWN_CACHES & set(parts) else []),
                *(user.reads for user in users(vectors, [tenant]) if user.tenant and "vectors" in parts),
            )
        )
    )
