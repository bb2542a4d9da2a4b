"""What the ends of a flow come to as addresses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.isolation.ends import (
    API_SERVER,
    VPC_RESOLVER,
    Address,
    AwsApis,
    FlowError,
    Host,
    Pods,
    SubnetTier,
)
from components.isolation.surroundings import PRIVATE_RANGES, Surroundings


def test_the_api_server_is_its_service_and_its_subnets_when_it_is_called(around: Surroundings) -> None:
    assert around.blocks(API_SERVER, as_source=False) == (
        "172.20.0.1/32",
        "10.0.240.0/28",
        "10.0.240.16/28",
    )


def test_the_api_server_calls_from_its_subnets_only(around: Surroundings) -> None:
    assert around.blocks(API_SERVER, as_source=True) == ("10.0.240.0/28", "10.0.240.16/28")


def test_cluster_dns_is_the_tenth_address_of_the_service_range(around: Surroundings) -> None:
    assert around.dns_service == "172.20.0.10/32"
    assert replace(around, service_cidr="10.100.0.0/20").dns_service == "10.100.0.10/32"


def test_the_vpc_resolver_has_two_addresses(around: Surroundings) -> None:
    assert around.blocks(VPC_RESOLVER, as_source=False) == ("169.254.169.253/32", "10.0.0.2/32")


def test_services_with_an_endpoint_stay_in_the_vpc(around: Surroundings) -> None:
    end = AwsApis("ec2", "sts")
    assert around.blocks(end, as_source=False) == ("10.0.241.0/24",)
    assert not around.leaves_the_vpc(end)


def test_a_service_without_an_endpoint_leaves_the_vpc(around: Surroundings) -> None:
    assert around.blocks(AwsApis("iam"), as_source=False) == ()
    assert around.leaves_the_vpc(AwsApis("iam"))
    assert around.leaves_the_vpc(AwsApis("ec2", "iam")), "one public service makes the flow public"


def test_a_network_without_endpoints_needs_no_endpoint_subnets(around: Surroundings) -> None:
    bare = replace(around, endpoint_services=frozenset[str](), tiers={**around.tiers, "endpoints": ()})
    assert bare.blocks(AwsApis("ec2"), as_source=False) == ()
    assert bare.leaves_the_vpc(AwsApis("ec2"))


def test_a_host_name_is_stated_as_public(around: Surroundings) -> None:
    assert around.leaves_the_vpc(Host("api.openai.com"))
    assert around.blocks(Host("api.openai.com"), as_source=False) == ()


def test_pods_and_private_blocks_do_not_leave_the_vpc(around: Surroundings) -> None:
    for end in (Pods("a"), SubnetTier("data"), API_SERVER, Address("169.254.170.23/32")):
        assert not around.leaves_the_vpc(end)


def test_a_tier_that_the_network_lacks_is_an_error_and_not_an_empty_peer(around: Surroundings) -> None:
    with pytest.raises(FlowError, match="has no address: the network has no 'cache' subnets; state their"):
        around.blocks(SubnetTier("cache"), as_source=False)


def test_a_vpc_in_public_space_is_kept_out_of_the_public_exception(around: Surroundings) -> None:
    assert around.not_public == PRIVATE_RANGES
    assert replace(around, vpc_cidr="198.51.0.0/16").not_public == (*PRIVATE_RANGES, "198.51.0.0/16")
