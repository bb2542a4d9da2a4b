"""The data layer: buckets and their key first, then the stores that use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Resource

from components.buckets.buckets import Buckets, BucketsArgs
from components.cluster.cluster import Cluster
from components.cluster.web_identity import WebIdentity, WebIdentityArgs
from components.core.names import role_arn, role_name
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.milvus.milvus import Milvus, MilvusArgs
from components.milvus.secrets import root
from components.milvus.spec import SHARED, Instance, MilvusSpec
from components.network.network import Network
from components.postgres.postgres import Postgres, PostgresArgs
from components.postgres.spec import users as database_users
from components.postgres.tenants import TenantDatabases, TenantDatabasesArgs
from components.tenants.access import reader_trust
from stacks.layers.cache import cache
from stacks.layers.controllers import Controllers
from stacks.layers.ground import Ground
from stacks.own_milvus import own_buckets, own_milvuses
from stacks.parts import tenants_with_agents


@dataclass(frozen=True, kw_only=True)
class Data:
    """What later layers need of the stores."""

    buckets: Buckets
    databases: Mapping[str, tuple[Resource, ...]]
    """By user of the database: the Secret by which it finds it."""
    tenant_databases: Mapping[str, tuple[Resource, ...]]
    """By tenant that has agents: the Secret by which its kagent finds its database."""
    milvus: Mapping[Instance, tuple[Resource, ...]]
    """What collections wait for, in the shared one and in those of tenants; empty where there is none."""
    caches: Mapping[str, tuple[Resource, ...]]
    """By user of the cache: the Secret by which it finds it."""

    def stores_of(self, user: str) -> tuple[Resource, ...]:
        """Everything that a user of database and cache waits for."""
        return (*self.databases.get(user, ()), *self.caches.get(user, ()))


def data(
    ground: Ground,
    network: Network,
    cluster: Cluster,
    controllers: Controllers,
    *,
    placed: tuple[Resource, ...],
) -> Data:
    """The stores; `placed` is what their pods wait for."""
    buckets = Buckets(
        "buckets",
        BucketsArgs(
            place=ground.place,
            spec=ground.config.data.buckets,
            protect=ground.protect,
            retain=ground.retain,
            more=tuple(own_buckets(ground.config)),
        ),
        opts=ground.aws,
    )
    after = (*placed, *controllers.secrets)
    databases, tenant_databases = _postgres(
        ground, network, buckets, after=after, tenants_after=(*placed, *controllers.store)
    )
    return Data(
        buckets=buckets,
        tenant_databases=tenant_databases,
        milvus=_milvuses(
            ground,
            cluster,
            buckets,
            after=(*after, *ground.monitors),
            passwords=controllers.tenants_secrets,
        ),
        databases=databases,
        caches=cache(ground, network, buckets, controllers, after=after),
    )


def _postgres(
    ground: Ground,
    network: Network,
    buckets: Buckets,
    *,
    after: tuple[Resource, ...],
    tenants_after: tuple[Resource, ...],
) -> tuple[Mapping[str, tuple[Resource, ...]], Mapping[str, tuple[Resource, ...]]]:
    """What the platform's users wait for, and what tenants' wait for."""
    if "postgres" not in ground.parts:
        return {}, {}
    postgres = Postgres(
        "postgres",
        PostgresArgs(
            place=ground.place,
            spec=ground.config.data.postgres,
            users=database_users(ground.parts),
            namespaces=ground.namespaces,
            vpc_id=network.vpc_id,
            subnet_ids=network.subnet_ids("data"),
            client_cidrs=network.layout.cidrs("private"),
            key_arn=buckets.key_arn,
            secrets_role_name=role_name(ground.place, EXTERNAL_SECRETS_PURPOSE),
            after=after,
            protect=ground.protect,
            retain=ground.retain,
        ),
        opts=ground.both,
    )
    tenants = tenants_with_agents(ground.config)
    if not tenants:
        return postgres.ready, {}
    databases = TenantDatabases(
        "tenant-databases",
        TenantDatabasesArgs(
            place=ground.place,
            spec=ground.config.data.postgres,
            tenants={tenant: ground.tenants[tenant] for tenant in tenants},
            namespace=ground.namespaces["ai-data"],
            host=postgres.host,
            reader_trust=reader_trust(ground.place, role_arn(ground.place, EXTERNAL_SECRETS_PURPOSE)),
            after=(*tenants_after, *postgres.master),
        ),
        opts=ground.both,
    )
    return postgres.ready, databases.ready


def _milvuses(
    ground: Ground,
    cluster: Cluster,
    buckets: Buckets,
    *,
    after: tuple[Resource, ...],
    passwords: Mapping[str, tuple[Resource, ...]],
) -> Mapping[Instance, tuple[Resource, ...]]:
    """The shared one, and those of tenants, each of which waits for the password of its own first user."""
    if "milvus" not in ground.parts:
        return {}
    # Milvus is the one workload whose SDK takes no credentials from Pod Identity.
    identity = WebIdentity("web-identity", WebIdentityArgs(issuer=cluster.oidc_issuer), opts=ground.aws)

    def made(instance: Instance, spec: MilvusSpec, *waits: Resource) -> tuple[Resource, ...]:
        return Milvus(
            instance.name,
            MilvusArgs(
                place=ground.place,
                spec=spec,
                instance=instance,
                namespace=ground.namespaces[instance.namespace],
                bucket=buckets.names[instance.name],
                bucket_key_alias=buckets.key_alias,
                issuer=identity.issuer,
                provider_arn=identity.provider_arn,
                after=(*after, *waits, *identity.ready),
                monitored=ground.monitored,
                protect=ground.protect,
                retain=ground.retain,
            ),
            opts=ground.both,
        ).ready

    return {
        SHARED: made(SHARED, ground.config.data.milvus, *buckets.ready),
        **{
            one: made(one, spec, *buckets.more_ready[one.name], *passwords[root(one).name])
            for one, spec in own_milvuses(ground.config).items()
        },
    }
