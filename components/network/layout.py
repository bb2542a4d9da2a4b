"""Subnet arithmetic: which block each subnet has, decided from the VPC's block and the zones alone."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec

Tier = Literal["public", "private", "control-plane", "data", "endpoints"]
TIERS: tuple[Tier, ...] = ("private", "public", "data", "endpoints", "control-plane")
"""Largest first: packing blocks in falling size leaves no gap."""

# Added to the VPC's prefix length. A private subnet is a quarter of the VPC, because the VPC CNI gives every
# pod an address of its own; the last quarter is cut up for the rest. /20 still leaves the /28 that EKS needs.
_PRIVATE_BITS = 2
_SMALL_BITS: dict[Tier, int] = {"public": 6, "data": 6, "endpoints": 8, "control-plane": 8}
_ZONE_SLOTS = 3


@dataclass(frozen=True)
class Subnet:
    """One planned subnet; `id` is set where the subnet exists already."""

    tier: Tier
    zone: str
    cidr: str
    id: str | None = None


@dataclass(frozen=True)
class Layout:
    """Every subnet of the VPC: the one truth for subnets, routes and network policies."""

    vpc_cidr: str
    subnets: tuple[Subnet, ...]

    def tier(self, tier: Tier) -> tuple[Subnet, ...]:
        """The subnets of one tier, in the order of the zones."""
        return tuple(subnet for subnet in self.subnets if subnet.tier == tier)

    def cidrs(self, tier: Tier) -> tuple[str, ...]:
        """The blocks of one tier."""
        return tuple(subnet.cidr for subnet in self.tier(tier))


def created(spec: CreatedNetworkSpec, zones: tuple[str, ...]) -> Layout:
    """Subnets for every tier in every zone: disjoint, inside the VPC, unmoved when a zone is appended."""
    vpc = ipaddress.IPv4Network(spec.cidr)
    quarters = list(vpc.subnets(prefixlen_diff=_PRIVATE_BITS))
    subnets = [Subnet("private", zone, str(quarters[slot])) for slot, zone in enumerate(zones)]
    start = int(quarters[_ZONE_SLOTS].network_address)
    for tier in TIERS[1:]:
        prefix = vpc.prefixlen + _SMALL_BITS[tier]
        for slot in range(_ZONE_SLOTS):
            block = ipaddress.IPv4Network((start, prefix))
            start += block.num_addresses
            if slot < len(zones):
                subnets.append(Subnet(tier, zones[slot], str(block)))
    return Layout(vpc_cidr=str(vpc), subnets=tuple(subnets))


def existing(spec: ExistingNetworkSpec) -> Layout:
    """The stated subnets of a VPC that exists."""
    stated = {
        "private": spec.subnets.private,
        "public": spec.subnets.public,
        "data": spec.subnets.data,
        "endpoints": spec.subnets.endpoints,
        "control-plane": spec.subnets.control_plane,
    }
    return Layout(
        vpc_cidr=spec.cidr,
        subnets=tuple(
            Subnet(tier, subnet.zone, subnet.cidr, subnet.id) for tier in TIERS for subnet in stated[tier]
        ),
    )


def layout(spec: CreatedNetworkSpec | ExistingNetworkSpec, zones: tuple[str, ...]) -> Layout:
    """The layout of either kind of network."""
    return created(spec, zones) if isinstance(spec, CreatedNetworkSpec) else existing(spec)
