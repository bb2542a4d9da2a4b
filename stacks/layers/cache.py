"""The cache: a server of ours, of AWS, or of somebody else, and the Secrets by which its users find it."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import Resource

from components.buckets.buckets import Buckets
from components.cache.cache import Cache, CacheArgs
from components.cache.spec import (
    CacheEndpoint,
    ExternalCacheSpec,
    NoCacheSpec,
    credential_name,
    tenant_user,
    users,
)
from components.cache.tenants import TenantCaches, TenantCachesArgs
from components.core.names import role_arn
from components.elasticache.elasticache import ElastiCache, ElastiCacheArgs
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.network.network import Network
from components.tenants.access import reader_trust
from components.valkey.spec import ValkeySpec
from components.valkey.valkey import Valkey, ValkeyArgs
from stacks.credentials import users_of_the_cache
from stacks.layers.controllers import Controllers
from stacks.layers.ground import Ground


def cache(
    ground: Ground,
    network: Network,
    buckets: Buckets,
    controllers: Controllers,
    *,
    after: tuple[Resource, ...],
) -> Mapping[str, tuple[Resource, ...]]:
    """By user: what it waits for. Empty where the stack has no cache."""
    spec = ground.config.data.cache
    if isinstance(spec, NoCacheSpec):
        return {}
    endpoint: CacheEndpoint | None = None
    of_tenants: Mapping[str, tuple[Resource, ...]] = {}
    secret_arn: str | None = None
    stands = after
    if isinstance(spec, ExternalCacheSpec):
        secret_arn = ground.config.secrets[spec.secret].arn
    else:
        # Only here: a cache that somebody else runs has no user of a tenant's.
        passwords = tuple(
            made
            for tenant in ground.config.tenants
            for made in controllers.tenants_secrets[credential_name(tenant_user(tenant).name)]
        )
        server = (
            _valkey(ground, spec, passwords, after=(*after, *controllers.certificates, *ground.monitors))
            if isinstance(spec, ValkeySpec)
            else ElastiCache(
                "elasticache",
                ElastiCacheArgs(
                    place=ground.place,
                    spec=spec,
                    users=users_of_the_cache(ground.config),
                    cluster_name=ground.cluster_name,
                    namespace=ground.namespaces["ai-data"],
                    vpc_id=network.vpc_id,
                    subnet_ids=network.subnet_ids("data"),
                    client_cidrs=network.layout.cidrs("private"),
                    key_arn=buckets.key_arn,
                    after=(*after, *passwords),
                    protect=ground.protect,
                    retain=ground.retain,
                ),
                opts=ground.both,
            )
        )
        endpoint, stands = server.endpoint, (*after, *server.ready)
        of_tenants = _tenants(ground, endpoint, after=(*controllers.store, *server.ready))
    of_parts = Cache(
        "cache",
        CacheArgs(
            place=ground.place,
            users=users(ground.parts),
            namespaces=ground.namespaces,
            endpoint=endpoint,
            external_secret_arn=secret_arn,
            after=stands,
        ),
        opts=ground.kubernetes,
    ).ready
    return {**of_parts, **{tenant_user(tenant).name: ready for tenant, ready in of_tenants.items()}}


def _valkey(
    ground: Ground, spec: ValkeySpec, passwords: tuple[Resource, ...], *, after: tuple[Resource, ...]
) -> Valkey:
    return Valkey(
        "valkey",
        ValkeyArgs(
            place=ground.place,
            spec=spec,
            namespace=ground.namespaces["ai-data"],
            users=users_of_the_cache(ground.config),
            after=after,
            tenants_passwords=passwords,
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    )


def _tenants(
    ground: Ground, endpoint: CacheEndpoint, *, after: tuple[Resource, ...]
) -> Mapping[str, tuple[Resource, ...]]:
    return TenantCaches(
        "tenant-caches",
        TenantCachesArgs(
            place=ground.place,
            namespaces=ground.tenants,
            endpoint=endpoint,
            reader_trust=reader_trust(ground.place, role_arn(ground.place, EXTERNAL_SECRETS_PURPOSE)),
            after=after,
        ),
        opts=ground.both,
    ).ready
