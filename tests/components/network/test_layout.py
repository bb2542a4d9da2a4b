"""Subnet arithmetic, as properties over every VPC and zone count that a stack may have."""

from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.layout import TIERS, Layout, created
from components.network.spec import CreatedNetworkSpec

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


@st.composite
def vpcs(draw: st.DrawFn) -> str:
    prefix = draw(st.integers(min_value=16, max_value=20))
    base = int(ipaddress.IPv4Address("10.0.0.0"))
    index = draw(st.integers(min_value=0, max_value=2 ** (prefix - 8) - 1))
    return str(ipaddress.IPv4Network((base + index * 2 ** (32 - prefix), prefix)))


def layout(cidr: str, zones: int = 3) -> Layout:
    return created(CreatedNetworkSpec(mode="create", cidr=cidr), ZONES[:zones])


@given(vpcs(), st.integers(min_value=2, max_value=3))
def test_subnets_lie_in_the_vpc_and_apart(cidr: str, zones: int) -> None:
    vpc = ipaddress.IPv4Network(cidr)
    blocks = [ipaddress.IPv4Network(subnet.cidr) for subnet in layout(cidr, zones).subnets]
    assert all(block.subnet_of(vpc) for block in blocks)
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))


@given(vpcs(), st.integers(min_value=2, max_value=3))
def test_every_tier_is_in_every_zone(cidr: str, zones: int) -> None:
    planned = layout(cidr, zones)
    for tier in TIERS:
        assert [subnet.zone for subnet in planned.tier(tier)] == list(ZONES[:zones])


@given(vpcs())
def test_a_zone_that_is_appended_moves_no_subnet(cidr: str) -> None:
    assert set(layout(cidr, 2).subnets) <= set(layout(cidr, 3).subnets)


@given(vpcs())
def test_every_subnet_is_large_enough_for_what_lives_in_it(cidr: str) -> None:
    planned = layout(cidr)
    for subnet in planned.subnets:
        assert ipaddress.IPv4Network(subnet.cidr).prefixlen <= 28, "EKS and EC2 take /28 and larger"
    private = [ipaddress.IPv4Network(block).num_addresses for block in planned.cidrs("private")]
    assert sum(private) == ipaddress.IPv4Network(cidr).num_addresses * 3 // 4


@pytest.mark.parametrize("zones", [2, 3])
def test_the_default_vpc_has_the_blocks_it_always_had(zones: int) -> None:
    assert (
        layout("10.0.0.0/16", zones).cidrs("private")
        == ("10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18")[:zones]
    )
    assert layout("10.0.0.0/16", zones).cidrs("control-plane")[0] == "10.0.219.0/24"
