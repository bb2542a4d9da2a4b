"""The data layer: buckets and their key first, then the stores that use them."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Resource

from components.buckets.buckets import Buckets, BucketsArgs
from components.cluster.cluster import Cluster
from components.cluster.web_identity import WebIdentity, WebIdentityArgs
from components.milvus.milvus import Milvus, MilvusArgs
from stacks.layers.controllers import Controllers
from stacks.layers.ground import Ground


@dataclass(frozen=True, kw_only=True)
class Data:
    """What later layers need of the stores."""

    buckets: Buckets
    langfuse_stores: tuple[Resource, ...]
    """The Secrets by which Langfuse finds its database and its cache."""


def data(ground: Ground, cluster: Cluster, controllers: Controllers, *, placed: tuple[Resource, ...]) -> Data:
    """The stores; `placed` is what their pods wait for."""
    buckets = Buckets(
        "buckets",
        BucketsArgs(
            place=ground.place,
            spec=ground.config.data.buckets,
            protect=ground.protect,
            retain=ground.retain,
        ),
        opts=ground.aws,
    )
    _milvus(ground, cluster, buckets, after=(*placed, *controllers.secrets, *ground.monitors))
    return Data(buckets=buckets, langfuse_stores=())


def _milvus(ground: Ground, cluster: Cluster, buckets: Buckets, *, after: tuple[Resource, ...]) -> None:
    if "milvus" not in ground.parts:
        return
    # Milvus is the one workload whose SDK takes no credentials from Pod Identity.
    identity = WebIdentity("web-identity", WebIdentityArgs(issuer=cluster.oidc_issuer), opts=ground.aws)
    Milvus(
        "milvus",
        MilvusArgs(
            place=ground.place,
            spec=ground.config.data.milvus,
            namespace=ground.namespaces["ai-data"],
            bucket=buckets.names["milvus"],
            bucket_key_alias=buckets.key_alias,
            issuer=identity.issuer,
            provider_arn=identity.provider_arn,
            after=(*after, *buckets.ready, *identity.ready),
            monitored=ground.monitored,
            protect=ground.protect,
            retain=ground.retain,
        ),
        opts=ground.both,
    )
