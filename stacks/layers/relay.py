"""The relay: one API before every provider outside the cluster."""

from __future__ import annotations

from pulumi import Resource

from components.relay.config import CacheAddress
from components.relay.relay import Relay, RelayArgs
from components.relay.secrets import tenant_credential
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.ground import Ground


def relay(
    ground: Ground,
    controllers: Controllers,
    stores: Data,
    *,
    placed: tuple[Resource, ...],
    scalers: tuple[Resource, ...],
) -> tuple[Resource, ...]:
    """What the gateway may send to once it is there.

    `placed` is what its pods wait for, `scalers` who scales them.
    """
    if "relay" not in ground.parts:
        return ()
    config = ground.config
    return Relay(
        "relay",
        RelayArgs(
            place=ground.place,
            spec=config.relay,
            prices=config.prices,
            tenants=tuple(config.tenants),
            namespace=ground.namespaces["ai-gateway"],
            secret_arns={name: secret.arn for name, secret in config.secrets.items()},
            tenants_keys=tuple(
                made
                for tenant in config.tenants
                for made in controllers.tenants_secrets[tenant_credential(tenant)]
            ),
            cache=CacheAddress(by_url="external_cache" in ground.parts, authority="valkey" in ground.parts),
            after=(
                *placed,
                *controllers.secrets,
                *stores.stores_of("relay"),
                *scalers,
                *ground.monitors,
            ),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    ).ready
