"""A small network, and generated tables of flows over it."""

from __future__ import annotations

import pytest

from components.isolation.surroundings import Surroundings


@pytest.fixture(scope="session")
def around() -> Surroundings:
    return Surroundings(
        vpc_cidr="10.0.0.0/16",
        tiers={
            "private": ("10.0.0.0/18", "10.0.64.0/18"),
            "control-plane": ("10.0.240.0/28", "10.0.240.16/28"),
            "endpoints": ("10.0.241.0/24",),
            "data": ("10.0.242.0/24",),
            "public": ("10.0.243.0/24",),
        },
        service_cidr="172.20.0.0/16",
        endpoint_services=frozenset({"ec2", "sts", "secretsmanager"}),
    )
