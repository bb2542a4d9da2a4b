"""The credentials of a stack's parts, as their components declare them: generated once, read back by name."""

from __future__ import annotations

from components.cache.spec import CacheUser, tenant_user
from components.cache.spec import credentials as cache_credentials
from components.cache.spec import users as cache_users
from components.gateway.secrets import credentials as gateway
from components.langfuse.secrets import credentials as langfuse
from components.login.render import credentials as login
from components.milvus.secrets import credentials as milvus
from components.opencost.secrets import credentials as opencost
from components.postgres.spec import credentials as postgres_credentials
from components.postgres.spec import tenant_user as database_user
from components.postgres.spec import users as postgres_users
from components.prometheus.secrets import credentials as prometheus
from components.relay.secrets import credentials as relay_credentials
from components.secrets.spec import Credential
from components.valkey.access import OWN_USERS
from components.vectors.users import credentials as vector_credentials
from stacks.config import PlatformConfig
from stacks.own_milvus import own_milvuses
from stacks.parts import parts, tenants_with_agents


def declared_credentials(config: PlatformConfig) -> tuple[Credential, ...]:
    """The credentials of every part that the stack has, by part; a tenant more is none more."""
    cache = [user.name for user in cache_users(parts(config))]
    by_part = {
        "elasticache": cache_credentials(cache),
        "postgres": postgres_credentials([user.name for user in postgres_users(parts(config))]),
        "valkey": cache_credentials([*cache, *OWN_USERS]),
        "gateway": gateway(()),
        "langfuse": langfuse(),
        "login": login(),
        "milvus": milvus(),
        "opencost": opencost(),
        "prometheus": prometheus(),
        "relay": relay_credentials(config.relay, ()),
        "vectors": vector_credentials(config.vectors, ()),
    }
    return tuple(one for part in sorted(parts(config)) for one in by_part.get(part, ()))


def tenants_credentials(config: PlatformConfig) -> tuple[Credential, ...]:
    """What the platform makes for its tenants: nobody but their own ways in waits for it."""
    present = parts(config)
    keys = gateway(config.tenants) if "gateway" in present else ()
    caches = (
        cache_credentials([tenant_user(tenant).name for tenant in config.tenants])
        if present & {"elasticache", "valkey"}
        else ()
    )
    databases = (
        postgres_credentials([database_user(tenant).name for tenant in tenants_with_agents(config)])
        if "postgres" in present
        else ()
    )
    platforms_own = {one.name for one in gateway(())}
    return (
        *(key for key in keys if key.name not in platforms_own),
        *caches,
        *databases,
        *(one for instance in own_milvuses(config) for one in milvus(instance)),
        *_of_tenants(config, vectors=True),
        *_of_tenants(config, vectors=False),
    )


def _of_tenants(config: PlatformConfig, *, vectors: bool) -> tuple[Credential, ...]:
    """Those of a part that are made for tenants, and not for itself."""
    if vectors:
        if "vectors" not in parts(config):
            return ()
        everybody, own = (
            vector_credentials(config.vectors, config.tenants),
            vector_credentials(config.vectors, ()),
        )
    else:
        if "relay" not in parts(config):
            return ()
        everybody = relay_credentials(config.relay, config.tenants)
        own = relay_credentials(config.relay, ())
    names = {one.name for one in own}
    return tuple(one for one in everybody if one.name not in names)


def users_of_the_cache(config: PlatformConfig) -> tuple[CacheUser, ...]:
    """The platform's own parts, then every tenant."""
    return (*cache_users(parts(config)), *map(tenant_user, config.tenants))
