from __future__ import annotations

import pytest

from components.cluster.access import (
    ADMIN_POLICY,
    VIEW_POLICY,
    AccessEntry,
    entries,
    policy_arn,
    principal_name,
)
from components.cluster.spec import AccessSpec
from components.core.aws import Place

HOME = "111122223333"
DEPLOYER = f"arn:aws:iam::{HOME}:role/deployer"
ALICE = f"arn:aws:iam::{HOME}:role/alice"
BOB = f"arn:aws:iam::{HOME}:role/bob"


def _entries(*, admins: tuple[str, ...] = (), viewers: tuple[str, ...] = ()) -> tuple[AccessEntry, ...]:
    return entries(AccessSpec(deployer_arn=DEPLOYER, admin_arns=[*admins], viewer_arns=[*viewers]))


def test_the_deployer_comes_first_and_is_an_administrator() -> None:
    assert _entries(admins=(ALICE,), viewers=(BOB,)) == (
        AccessEntry("deployer", DEPLOYER, ADMIN_POLICY),
        AccessEntry("admin-alice", ALICE, ADMIN_POLICY),
        AccessEntry("viewer-bob", BOB, VIEW_POLICY),
    )


def test_nobody_else_gets_in_unless_named() -> None:
    assert _entries() == (AccessEntry("deployer", DEPLOYER, ADMIN_POLICY),)


def test_a_principal_named_twice_has_one_entry_with_its_widest_access() -> None:
    assert _entries(admins=(DEPLOYER, ALICE, ALICE), viewers=(ALICE, DEPLOYER, BOB, BOB)) == (
        AccessEntry("deployer", DEPLOYER, ADMIN_POLICY),
        AccessEntry("admin-alice", ALICE, ADMIN_POLICY),
        AccessEntry("viewer-bob", BOB, VIEW_POLICY),
    )


def test_viewers_cannot_read_secrets() -> None:
    # AmazonEKSAdminViewPolicy would let them (EKS user guide, "Review access policy permissions").
    assert VIEW_POLICY == "AmazonEKSViewPolicy"


def test_an_access_policy_is_eks_own_and_of_the_partition(place: Place) -> None:
    assert policy_arn(place, VIEW_POLICY) == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    china = Place(**{**vars(place), "partition": "aws-cn"})
    assert policy_arn(china, VIEW_POLICY).startswith("arn:aws-cn:eks::aws:")


@pytest.mark.parametrize("arn", [ALICE, f"arn:aws:iam::{HOME}:role/teams/ops/alice"])
def test_a_role_of_the_account_is_called_by_its_name(arn: str) -> None:
    assert principal_name(arn, HOME) == "alice"


def test_principals_that_share_the_end_of_their_arn_are_told_apart() -> None:
    arns = [
        ALICE,
        f"arn:aws:iam::{HOME}:user/alice",
        "arn:aws:iam::222233334444:role/alice",
        f"arn:aws:iam::{HOME}:role/a.b",
        f"arn:aws:iam::{HOME}:role/a-b",
        f"arn:aws:iam::{HOME}:role/a_b",
    ]
    names = [principal_name(arn, HOME) for arn in arns]
    assert len(set(names)) == len(arns)
    assert names[0] == "alice"
    assert names[4] == "a-b"


def test_adding_a_principal_renames_no_other() -> None:
    before = _entries(viewers=(ALICE,))
    assert set(before) <= set(_entries(admins=(f"arn:aws:iam::{HOME}:user/alice",), viewers=(BOB, ALICE)))
