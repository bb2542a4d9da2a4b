"""A place, a VPC that exists, and the plan of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.network.spec import CreatedNetworkSpec, ExistingNetworkSpec


def _subnets(tier: int, *cidrs: str) -> list[dict[str, str]]:
    return [
        {"id": f"subnet-000000000000000{zone}{tier}", "zone": f"us-east-1{zone}", "cidr": cidr}
        for zone, cidr in zip("abc", cidrs, strict=False)
    ]


def _place(zones: int) -> Place:
    return Place(
        account_id="111122223333",
        partition="aws",
        region="us-east-1",
        zones=tuple(f"us-east-1{zone}" for zone in "abc"[:zones]),
        environment="dev",
        cluster_name="ai-dev",
    )


@pytest.fixture(scope="session")
def place() -> Place:
    return _place(3)


@pytest.fixture(scope="session")
def existing_spec() -> ExistingNetworkSpec:
    return ExistingNetworkSpec.model_validate(
        {
            "mode": "existing",
            "vpc_id": "vpc-0123456789abcdef0",
            "cidr": "10.0.0.0/16",
            "subnets": {
                "private": _subnets(1, "10.0.0.0/20", "10.0.16.0/20"),
                "control_plane": _subnets(2, "10.0.32.0/28", "10.0.32.16/28"),
                "data": _subnets(3, "10.0.33.0/24", "10.0.34.0/24"),
                "public": _subnets(4, "10.0.35.0/24", "10.0.36.0/24"),
            },
        }
    )


@pytest.fixture(scope="session")
def planned(capture: Capture) -> Callable[..., Plan]:
    """`planned(zones=3, protect=False, **settings)`: the plan of a network that is made."""
    # Not above: the SDK warns on import, and pytest's filters do not hold yet while it reads a conftest.
    from components.network.network import Network, NetworkArgs

    def plan(*, zones: int = 3, protect: bool = False, **settings: Any) -> Plan:
        spec = CreatedNetworkSpec.model_validate({"mode": "create", **settings})
        return capture(
            lambda: Network("platform", NetworkArgs(place=_place(zones), spec=spec, protect=protect))
        )

    return plan
