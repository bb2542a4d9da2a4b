"""The layer that answers prompts itself."""

from __future__ import annotations

from pulumi import Resource

from components.models.models import Models, ModelsArgs
from stacks.catalogue import routes_to_servers
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.ground import Ground
from stacks.layers.observability import Observability


def models(
    ground: Ground,
    controllers: Controllers,
    stores: Data,
    watching: Observability,
    *,
    placed: tuple[Resource, ...],
    scalers: tuple[Resource, ...],
) -> Models | None:
    """Servers of models; `scalers` is who scales them, and outlives what it scales."""
    if "models" not in ground.parts:
        return None
    return Models(
        "models",
        ModelsArgs(
            place=ground.place,
            models=ground.config.models,
            cluster_name=ground.cluster_name,
            namespace=ground.namespaces["ai-inference"],
            bucket=stores.buckets.names["models"],
            bucket_key_alias=stores.buckets.key_alias,
            prometheus_url=watching.prometheus.url if watching.prometheus else None,
            routes=routes_to_servers(ground.config),
            secret_arns={name: one.arn for name, one in ground.config.secrets.items()},
            after=(
                *placed,
                *controllers.secrets,
                *stores.buckets.ready,
                *scalers,
                *ground.monitors,
            ),
            monitored=ground.monitored,
        ),
        opts=ground.both,
    )
