from __future__ import annotations

import pytest

from components.core import names
from components.core.aws import Place
from components.core.faults import Fault
from stacks.names import PLATFORM_ROLE_PURPOSES, name_faults, role_holders

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)


def test_tenants_have_roles_of_their_own() -> None:
    assert name_faults(PLACE, ["a", "b", "karpenter", "cluster", "tenant-a"]) == []


def test_no_tenant_can_take_a_role_of_the_platform() -> None:
    assert not [purpose for purpose in PLATFORM_ROLE_PURPOSES if purpose.startswith("tenant-")]


def test_names_that_are_the_same_once_shortened_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = "a" * 60, "a" * 61
    assert name_faults(PLACE, [first, second]) == []
    monkeypatch.setattr(names, "HASH_CHARACTERS", 0)
    assert name_faults(PLACE, [first, second]) == [
        Fault(
            f"tenants.{second}",
            f"its IAM role would have the name of that of tenants.{first}, ai-dev-tenant-{'a' * 49}-",
            "rename one of them",
        )
    ]


def test_the_platforms_own_names_are_never_shortened() -> None:
    longest = Place(**{**vars(PLACE), "cluster_name": "a" * 32})
    assert all(
        name.removeprefix(f"{'a' * 32}-") in PLATFORM_ROLE_PURPOSES for name in role_holders(longest, [])
    )
