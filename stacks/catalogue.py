"""What the gateway may route to: the models that the stack serves itself, and the relay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.gateway.spec import Access, Catalogue

if TYPE_CHECKING:
    from stacks.config import PlatformConfig  # which is checked by rules that ask for parts


def declared_catalogue(config: PlatformConfig) -> Catalogue:
    """Every backend and route that a part of the stack brings."""
    return Catalogue()


def access(config: PlatformConfig) -> dict[str, Access]:
    """What each tenant may use, by tenant."""
    return {
        name: Access(tier=tenant.tier, models=None if tenant.models is None else tuple(tenant.models))
        for name, tenant in config.tenants.items()
    }
