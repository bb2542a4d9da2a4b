from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.layout import TIERS, Layout, created, existing, layout
from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """Every block that a VPC of the platform may have."""
    prefix = draw(st.integers(16, 20))
    private = ipaddress.IPv4Network(
        draw(st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]))
    )
    slot = draw(st.integers(0, 2 ** (prefix - private.prefixlen) - 1))
    return str(ipaddress.IPv4Network((int(private.network_address) + slot * 2 ** (32 - prefix), prefix)))


def _layout(cidr: str, zones: tuple[str, ...] = ZONES) -> Layout:
    return created(CreatedNetworkSpec(mode="create", cidr=cidr), zones)


def _network(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr)


@given(cidr=blocks(), zones=st.integers(2, 3))
def test_every_tier_has_a_subnet_in_every_zone_in_the_order_of_the_zones(cidr: str, zones: int) -> None:
    planned = _layout(cidr, ZONES[:zones])
    assert len(planned.subnets) == len(TIERS) * zones
    for tier in TIERS:
        assert tuple(subnet.zone for subnet in planned.tier(tier)) == ZONES[:zones]


@given(cidr=blocks())
def test_subnets_lie_in_the_vpc_and_share_no_address(cidr: str) -> None:
    subnets = [_network(subnet.cidr) for subnet in _layout(cidr).subnets]
    assert all(subnet.subnet_of(_network(cidr)) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@given(cidr=blocks())
def test_every_subnet_is_one_that_aws_makes_and_the_control_plane_has_sixteen_addresses(cidr: str) -> None:
    for subnet in _layout(cidr).subnets:
        assert 16 <= _network(subnet.cidr).prefixlen <= 28


@given(cidr=blocks())
def test_pods_have_three_quarters_of_the_vpc(cidr: str) -> None:
    private = sum(_network(block).num_addresses for block in _layout(cidr).cidrs("private"))
    assert private * 4 == _network(cidr).num_addresses * 3


@given(cidr=blocks())
def test_a_zone_that_is_appended_moves_nothing(cidr: str) -> None:
    assert set(_layout(cidr, ZONES[:2]).subnets) <= set(_layout(cidr).subnets)


@given(cidr=blocks())
def test_room_is_left_for_a_zone_that_comes_later_in_every_tier(cidr: str) -> None:
    two, three = _layout(cidr, ZONES[:2]), _layout(cidr)
    for tier in TIERS:
        assert three.cidrs(tier)[:2] == two.cidrs(tier)
        assert len(three.cidrs(tier)) == 3


@pytest.mark.parametrize(
    ("cidr", "tier", "expected"),
    [
        ("10.0.0.0/16", "private", ("10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18")),
        ("10.0.0.0/16", "public", ("10.0.192.0/22", "10.0.196.0/22", "10.0.200.0/22")),
        ("10.0.0.0/16", "data", ("10.0.204.0/22", "10.0.208.0/22", "10.0.212.0/22")),
        ("10.0.0.0/16", "endpoints", ("10.0.216.0/24", "10.0.217.0/24", "10.0.218.0/24")),
        ("10.0.0.0/16", "control-plane", ("10.0.219.0/24", "10.0.220.0/24", "10.0.221.0/24")),
        ("10.0.0.0/20", "private", ("10.0.0.0/22", "10.0.4.0/22", "10.0.8.0/22")),
        ("10.0.0.0/20", "control-plane", ("10.0.13.176/28", "10.0.13.192/28", "10.0.13.208/28")),
    ],
)
def test_the_blocks_never_change_because_a_change_replaces_subnets(
    cidr: str, tier: str, expected: tuple[str, ...]
) -> None:
    assert _layout(cidr).cidrs(tier) == expected  # type: ignore[arg-type]


def test_an_existing_vpc_is_laid_out_as_stated(existing_spec: ExistingNetworkSpec) -> None:
    planned = layout(existing_spec, ZONES[:2])
    assert planned == existing(existing_spec)
    assert planned.vpc_cidr == "10.0.0.0/16"
    assert planned.cidrs("control-plane") == ("10.0.32.0/28", "10.0.32.16/28")
    assert [subnet.id for subnet in planned.tier("data")] == [
        "subnet-000000000000000a3",
        "subnet-000000000000000b3",
    ]
    assert planned.tier("endpoints") == ()
