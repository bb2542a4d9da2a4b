from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec, ExistingSubnet, NetworkSpec

NETWORK: TypeAdapter[CreatedNetworkSpec | ExistingNetworkSpec] = TypeAdapter(NetworkSpec)


@pytest.mark.parametrize("prefix", range(16, 21))
def test_every_prefix_that_leaves_room_for_pods_is_accepted(prefix: int) -> None:
    assert CreatedNetworkSpec(mode="create", cidr=f"10.0.0.0/{prefix}").cidr == f"10.0.0.0/{prefix}"


@pytest.mark.parametrize("prefix", [0, 8, 15, 21, 24, 28, 32])
def test_every_other_prefix_is_refused(prefix: int) -> None:
    with pytest.raises(ValidationError, match=rf"is a /{prefix}; a VPC of the platform is between /16"):
        CreatedNetworkSpec(mode="create", cidr=f"0.0.0.0/{prefix}")


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "100.127.0.0/16"])
def test_a_vpc_is_made_of_private_addresses(cidr: str) -> None:
    assert CreatedNetworkSpec(mode="create", cidr=cidr).cidr == cidr


@pytest.mark.parametrize(
    "cidr", ["8.8.0.0/16", "172.32.0.0/16", "192.169.0.0/16", "169.254.0.0/16", "127.0.0.0/16"]
)
def test_a_vpc_is_not_made_of_others(cidr: str) -> None:
    with pytest.raises(ValidationError, match="holds public addresses"):
        CreatedNetworkSpec(mode="create", cidr=cidr)


@pytest.mark.parametrize("cidr", ["10.0.0.0/33", "10.0.0/16", "fd00::/16", "ten", "", "10.0.0.0/16\n"])
def test_what_is_no_block_is_refused(cidr: str) -> None:
    with pytest.raises(ValidationError, match="is not an IPv4 CIDR block"):
        CreatedNetworkSpec(mode="create", cidr=cidr)


def test_a_block_may_be_written_with_a_mask() -> None:
    assert CreatedNetworkSpec(mode="create", cidr="10.0.0.0/255.255.0.0").cidr == "10.0.0.0/16"


def test_by_default_a_network_survives_the_loss_of_a_zone() -> None:
    assert CreatedNetworkSpec(mode="create").nat_gateways == "per_zone"


def _stated(existing_spec: ExistingNetworkSpec) -> dict[str, object]:
    return existing_spec.model_dump()


def test_one_subnet_may_serve_several_tiers(existing_spec: ExistingNetworkSpec) -> None:
    stated = _stated(existing_spec)
    stated["subnets"] |= {"data": stated["subnets"]["private"]}  # type: ignore[index, operator]
    spec = NETWORK.validate_python(stated)
    assert spec.subnets.data == spec.subnets.private  # type: ignore[union-attr]


def test_every_fault_of_the_stated_subnets_is_named(existing_spec: ExistingNetworkSpec) -> None:
    stated = _stated(existing_spec)
    stated["subnets"]["private"][0]["cidr"] = "10.9.0.0/20"  # type: ignore[index]
    stated["subnets"]["data"][0]["cidr"] = "10.0.16.0/24"  # type: ignore[index]
    with pytest.raises(ValidationError) as refusal:
        NETWORK.validate_python(stated)
    assert (
        "subnets.private[0].cidr 10.9.0.0/20 is outside the VPC's 10.0.0.0/16, subnets.data[0].cidr "
        "10.0.16.0/24 overlaps subnets.private[1].cidr 10.0.16.0/20; write the subnets as they are in AWS"
    ) in str(refusal.value)


@pytest.mark.parametrize("tier", ["private", "control_plane", "data"])
def test_a_tier_has_subnets_in_two_zones_at_least(existing_spec: ExistingNetworkSpec, tier: str) -> None:
    stated = _stated(existing_spec)
    del stated["subnets"][tier][1]  # type: ignore[index]
    with pytest.raises(ValidationError, match=f"subnets.{tier}"):
        NETWORK.validate_python(stated)


@pytest.mark.parametrize("cidr", ["10.0.0.1/32", "10.0.0.0/29"])
def test_a_subnet_is_at_least_as_large_as_aws_makes_them(cidr: str) -> None:
    with pytest.raises(ValidationError, match="no subnet in AWS is smaller than /28"):
        ExistingSubnet(id="subnet-12345678", zone="us-east-1a", cidr=cidr)
