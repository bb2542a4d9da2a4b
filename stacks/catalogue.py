"""What the gateway may route to: the models that the stack serves itself, and the relay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.gateway.routes import route_name, routes_in_force
from components.gateway.spec import Access, Catalogue
from components.models.routing import gateway_catalogue, routes_to
from components.relay.backend import catalogue as relay_catalogue

if TYPE_CHECKING:
    from stacks.config import PlatformConfig  # which is checked by rules that ask for parts


def declared_catalogue(config: PlatformConfig) -> Catalogue:
    """Every backend and route that a part of the stack brings."""
    own = gateway_catalogue(config.models, inference_pools=config.gateway.inference_pools)
    relay = relay_catalogue(config.relay)
    served = {route.model for route in own.routes}
    return Catalogue(
        backends=(*own.backends, *relay.backends),
        # A model of the cluster's own goes before a provider's of the same name.
        routes=(*own.routes, *(route for route in relay.routes if route.model not in served)),
        default=relay.default,
        selection=relay.selection,
    )


def routes_to_servers(config: PlatformConfig) -> dict[str, tuple[str, ...]]:
    """The gateway's routes that may end at each server of the stack's own."""
    if not config.gateway.installed:
        return {}
    routes = routes_in_force(config.gateway, declared_catalogue(config))
    return routes_to(config.models, routes, route_name)


def access(config: PlatformConfig) -> dict[str, Access]:
    """What each tenant may use, by tenant."""
    return {
        name: Access(tier=tenant.tier, models=None if tenant.models is None else tuple(tenant.models))
        for name, tenant in config.tenants.items()
    }
