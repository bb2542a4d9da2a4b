"""Bad input about a VPC that exists: what is stated of it cannot be so."""

from __future__ import annotations

import pytest

from tests.stacks.project import Refused

NETWORK = "network: {cidr: 10.0.0.0/16}\n"

# A sentence, what is replaced in the `network` section of a VPC that exists, by what, and every fault.
CASES = [
    (
        "subnets that overlap",
        "10.0.16.0/20",
        "10.0.8.0/21",
        (
            "network: subnets.private[1].cidr 10.0.8.0/21 overlaps subnets.private[0].cidr 10.0.0.0/20; "
            "write the subnets as they are in AWS",
        ),
    ),
    (
        "a subnet outside the VPC",
        "10.0.16.0/20",
        "10.1.16.0/20",
        (
            "network: subnets.private[1].cidr 10.1.16.0/20 is outside the VPC's 10.0.0.0/16; "
            "write the subnets as they are in AWS",
        ),
    ),
    (
        "a subnet smaller than AWS makes",
        "10.0.32.16/28",
        "10.0.32.16/29",
        (
            "network.subnets.control_plane[1].cidr: 10.0.32.16/29 is a /29; no subnet in AWS is smaller than "
            "/28: write the subnet's block, not an address in it",
        ),
    ),
    (
        "a subnet stated twice in a tier",
        "{id: subnet-000000000000000b1, zone: us-east-1b, cidr: 10.0.16.0/20}",
        "{id: subnet-000000000000000a1, zone: us-east-1a, cidr: 10.0.0.0/20}",
        ("network: subnets.private[1] is subnets.private[0] again; write the subnets as they are in AWS",),
    ),
    (
        "one subnet with two blocks",
        "subnet-000000000000000b3",
        "subnet-000000000000000a3",
        (
            "network: subnets.data[1] has the id of subnets.data[0] and another zone or cidr; "
            "write the subnets as they are in AWS",
        ),
    ),
    (
        "a tier without a subnet in a zone",
        "{id: subnet-000000000000000b3, zone: us-east-1b",
        "{id: subnet-000000000000000b3, zone: us-east-1c",
        (
            "network.subnets.data: has a subnet in us-east-1c, which aws.zones does not name; "
            "name the zone or drop it",
            "network.subnets.data: has no subnet in us-east-1b; add one, or take the zone out of aws.zones",
        ),
    ),
    (
        "something that is no VPC id",
        "vpc-0123456789abcdef0",
        "my-vpc",
        ("network.vpc_id: is not the id of a VPC; write for example vpc-0123456789abcdef0",),
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_a_vpc_that_cannot_be_as_stated_is_refused(
    refused: Refused, sound: str, existing_network: str, old: str, new: str, faults: tuple[str, ...]
) -> None:
    assert old in existing_network
    assert NETWORK in sound
    refused(sound.replace(NETWORK, existing_network.replace(old, new, 1)), *faults)
