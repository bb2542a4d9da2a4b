"""What may be said about the cache, who uses it, and what a user has to be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Literal

from pulumi import Input
from pydantic import Field

from components.core.names import bounded
from components.core.spec import DnsLabel, Spec
from components.elasticache.spec import ElastiCacheSpec
from components.secrets.spec import NAME_LIMIT, Credential, Key
from components.valkey.spec import NAMESPACE, ValkeySpec


class ExternalCacheSpec(Spec):
    """A cache that somebody else runs, known by its URL alone."""

    mode: Literal["external"] = Field(description="Run by somebody else, for example Upstash.")
    secret: DnsLabel = Field(
        description=(
            "The name, in `secrets`, of the secret that holds its URL: JSON with the key `url`, which is "
            "rediss://user:password@host:port. It has to keep what it is given (noeviction): queues live in it."
        )
    )


class NoCacheSpec(Spec):
    """No cache at all: for stacks without Langfuse, relay and agents that remember."""

    mode: Literal["off"] = Field(description="None.")


CacheSpec = Annotated[
    ValkeySpec | ElastiCacheSpec | ExternalCacheSpec | NoCacheSpec, Field(discriminator="mode")
]
"""Where sessions, queues and limits are kept. Its users see the same Secret whichever it is."""

APPLICATION = "+@all -@admin -@dangerous +info"
"""Everything but what stops, empties or reconfigures the server or sees other clients. INFO counts as
dangerous, and client libraries ask it whether the server has loaded."""

AMONG_STRANGERS = f"{APPLICATION} -scan -randomkey -pubsub -function -script|flush -script|kill"
"""The same without what knows no prefix: the names of everybody's keys and channels, and the scripts that all users of
a server share, which another one may call."""

TENANT_READS = "cache"
"""The Secret in which a tenant finds the cache, in its own namespace."""

TENANT_PART = "cache"
"""Of the role that reads a tenant's password."""


@dataclass(frozen=True, kw_only=True)
class CacheUser:
    """One part of the platform that keeps something in the cache, under a name of its own."""

    name: str
    namespace: str
    reads: str
    """The Secret it reads there: `url`, and its parts for those who want them apart."""
    needs: str
    """The part without which the user does not exist."""
    prefix: str = ""
    """How all its keys begin; empty: any key, for those whose keys we cannot choose."""
    commands: str = APPLICATION
    optional: bool = False
    """It has work to do without a cache as well."""

    @property
    def access(self) -> str:
        """Keys, channels and commands as both Valkey and ElastiCache write them."""
        return f"~{self.prefix}* &{self.prefix}* {self.commands}"


USERS: tuple[CacheUser, ...] = (
    # BullMQ and the API key cache name their keys themselves.
    CacheUser(name="langfuse", namespace="observability", reads="langfuse-redis", needs="langfuse"),
    # LiteLLM counts requests under the bare hashes of keys.
    CacheUser(name="relay", namespace="ai-gateway", reads="relay-cache", needs="relay"),
    CacheUser(
        name="ratelimit",
        namespace="ai-gateway",
        reads="ratelimit-cache",
        needs="rate_limit",
        prefix="ratelimit:",
    ),
    CacheUser(name="agents", namespace="ai-agents", reads="agents-cache", needs="agents", prefix="agents:"),
    # How long a queue is, whoever's it is: a script of KEDA's asks, for every kind of key in its own words.
    CacheUser(
        name="keda",
        namespace="keda",
        reads="keda-cache",
        needs="keda",
        commands="-@all +ping +eval +type +llen +scard +zcard +hlen +client|setname +client|setinfo",
        optional=True,
    ),
)
"""Everybody who uses the cache, in the order of the Secrets they are given."""


def users(parts: Collection[str]) -> tuple[CacheUser, ...]:
    """The users that a stack with these parts has."""
    return tuple(user for user in USERS if user.needs in parts)


def tenant_user(tenant: str) -> CacheUser:
    """The user of one tenant, who sees its own keys, and no other tenant's.

    Below a word of their own: the platform's parts name keys as they like (`relay:`, `ai:`, `bull:`), and a tenant may
    be called like any of them.
    """
    return CacheUser(
        name=f"tenant-{tenant}",
        namespace=tenant,
        reads=TENANT_READS,
        needs="tenants",
        prefix=f"tenants:{tenant}:",
        commands=AMONG_STRANGERS,
        optional=True,
    )


def credential_name(user: str) -> str:
    """What the password of a user is called in Secrets Manager, after the platform's prefix."""
    return bounded(f"cache-{user}", NAME_LIMIT)


def credentials(names: Collection[str]) -> tuple[Credential, ...]:
    """A password for each of these users, the same whether Valkey or AWS checks it.

    One secret each: what is in Secrets Manager is never written again, so a key added to a shared one would
    never arrive.
    """
    return tuple(
        Credential(
            name=credential_name(name), home=NAMESPACE, keys=(Key(name="password"),), assembled_by="cache"
        )
        for name in names
    )


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Where users find the certificate that the server's own was signed with."""

    store: str
    """A ClusterSecretStore."""
    secret: str
    property: str


@dataclass(frozen=True, kw_only=True)
class CacheEndpoint:
    """Where a server is and how it is talked to; always TLS."""

    host: Input[str]
    port: int
    user_prefix: str = ""
    """Before each user's name: in AWS the names are the account's, not the cache's."""
    name_limit: int = 128
    """How long a user's name may be, with its prefix."""
    authority: Authority | None = None
    """None: signed by an authority that every image knows."""

    def username(self, user: CacheUser) -> str:
        """What the user is called at the server."""
        return bounded(f"{self.user_prefix}{user.name}", self.name_limit)
