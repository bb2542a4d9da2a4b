"""The credentials of a stack's parts, as their components declare them: generated once, read back by name."""

from __future__ import annotations

from components.cache.spec import CacheUser, tenant_user
from components.cache.spec import credentials as cache_credentials
from components.cache.spec import users as cache_users
from components.langfuse.secrets import credentials as langfuse
from components.milvus.secrets import credentials as milvus
from components.opencost.secrets import credentials as opencost
from components.postgres.spec import credentials as postgres_credentials
from components.postgres.spec import users as postgres_users
from components.prometheus.secrets import credentials as prometheus
from components.secrets.spec import Credential
from components.valkey.access import OWN_USERS
from stacks.config import PlatformConfig
from stacks.parts import parts


def declared_credentials(config: PlatformConfig) -> tuple[Credential, ...]:
    """The credentials of every part that the stack has, by part."""
    by_part = {
        "elasticache": cache_credentials(_cache_users(config)),
        "postgres": postgres_credentials([user.name for user in postgres_users(parts(config))]),
        "valkey": cache_credentials([*_cache_users(config), *OWN_USERS]),
        "langfuse": langfuse(),
        "milvus": milvus(),
        "opencost": opencost(),
        "prometheus": prometheus(),
    }
    return tuple(one for part in sorted(parts(config)) for one in by_part.get(part, ()))


def users_of_the_cache(config: PlatformConfig) -> tuple[CacheUser, ...]:
    """The platform's own parts, then every tenant."""
    return (*cache_users(parts(config)), *map(tenant_user, config.tenants))


def _cache_users(config: PlatformConfig) -> list[str]:
    return [user.name for user in users_of_the_cache(config)]
