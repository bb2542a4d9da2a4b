"""The addresses around the pods, from the planned network: what network policies may name."""

from __future__ import annotations

from components.isolation.surroundings import Surroundings
from components.network.endpoints import INTERFACE_SERVICES
from components.network.layout import TIERS, Layout
from components.network.spec import CreatedNetworkSpec
from stacks.config import PlatformConfig


def surroundings(config: PlatformConfig, layout: Layout) -> Surroundings:
    """Subnets by tier, the Service range, and which AWS APIs have an endpoint in this network.

    Of an existing network only its endpoint subnets are known; that they hold the endpoints the platform
    needs is for `agentic preflight` to check in the account.
    """
    network = config.network
    private = (
        network.interface_endpoints
        if isinstance(network, CreatedNetworkSpec)
        else bool(network.subnets.endpoints)
    )
    return Surroundings(
        vpc_cidr=layout.vpc_cidr,
        tiers={tier: layout.cidrs(tier) for tier in TIERS},
        service_cidr=config.cluster.service_cidr,
        endpoint_services=frozenset(INTERFACE_SERVICES) if private else frozenset(),
    )
