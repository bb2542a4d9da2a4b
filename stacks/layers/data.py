"""The data layer: buckets and their key first, then the stores that use them."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Resource

from components.buckets.buckets import Buckets, BucketsArgs
from stacks.layers.controllers import Controllers
from stacks.layers.ground import Ground


@dataclass(frozen=True, kw_only=True)
class Data:
    """What later layers need of the stores."""

    buckets: Buckets
    langfuse_stores: tuple[Resource, ...]
    """The Secrets by which Langfuse finds its database and its cache."""


def data(ground: Ground, controllers: Controllers, *, placed: tuple[Resource, ...]) -> Data:
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
    return Data(buckets=buckets, langfuse_stores=())
