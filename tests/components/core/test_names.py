from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core import names
from components.core.aws import Place

NAMES = st.from_regex(r"[a-z]([a-z0-9./-]{0,150}[a-z0-9])?", fullmatch=True)


def _place(cluster: str = "ai-dev", **changes: str) -> Place:
    where = {"account_id": "111122223333", "partition": "aws", "region": "us-east-1", "environment": "dev"}
    return Place(**{**where, **changes}, zones=("us-east-1a", "us-east-1b"), cluster_name=cluster)


@given(name=NAMES, limit=st.integers(20, 128))
def test_a_bounded_name_fits_and_a_name_that_fits_is_left_alone(name: str, limit: int) -> None:
    bounded = names.bounded(name, limit)
    assert len(bounded) <= limit
    assert bounded == name or len(name) > limit


@given(name=st.from_regex(r"[a-z][a-z0-9./-]{45,90}[a-z0-9]", fullmatch=True), limit=st.integers(20, 40))
def test_a_shortened_name_begins_like_the_long_one_and_ends_in_a_hash(name: str, limit: int) -> None:
    match = re.fullmatch(r"(.*[a-z0-9])-([0-9a-f]{8})", names.bounded(name, limit))
    assert match
    assert name.startswith(match[1])


def test_names_that_differ_only_beyond_the_limit_stay_different() -> None:
    long = [f"{'a' * 70}{suffix}" for suffix in range(1000)]
    assert len({names.bounded(name, 64) for name in long}) == 1000


def test_a_shortened_name_is_the_same_on_every_machine() -> None:
    assert names.bounded("a" * 70, 64) == f"{'a' * 55}-6bd5e503"


# IAM: 64 for a role, 128 for a policy; SQS: 80; EventBridge: 64; S3: 63.
@pytest.mark.parametrize(
    ("name", "limit"),
    [
        (names.role_name, 64),
        (names.policy_name, 128),
        (names.queue_name, 80),
        (names.rule_name, 64),
        (names.bucket_name, 63),
    ],
)
def test_every_name_fits_its_service_and_uses_the_room_there_is(
    name: Callable[[Place, str], str], limit: int
) -> None:
    assert max(len(name(_place("a" * 32), "b" * length)) for length in range(200)) == limit


def test_an_arn_is_that_of_the_name_beside_it() -> None:
    place = _place()
    assert names.role_arn(place, "karpenter") == "arn:aws:iam::111122223333:role/ai-dev-karpenter"
    assert names.queue_arn(place, "karpenter") == "arn:aws:sqs:us-east-1:111122223333:ai-dev-karpenter"


def test_the_pattern_of_tenant_roles_covers_every_tenant_and_no_role_of_the_platform() -> None:
    place = _place()
    pattern = re.compile(names.tenant_role_arn_pattern(place).replace("*", ".*"))
    assert pattern.fullmatch(names.role_arn(place, names.tenant_role_purpose("acme")))
    assert not pattern.fullmatch(names.role_arn(place, "karpenter"))
    assert not pattern.fullmatch(names.role_arn(_place("other"), names.tenant_role_purpose("acme")))


def test_bucket_names_differ_by_account_and_region() -> None:
    places = [_place(), _place(account_id="222233334444"), _place(region="eu-west-1")]
    assert len({names.bucket_name(place, "models") for place in places}) == 3


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (names.key_alias(_place(), "eks-secrets"), "alias/ai-dev/eks-secrets"),
        (names.control_plane_log_group(_place()), "/aws/eks/ai-dev/cluster"),
        (names.flow_log_group(_place()), "/aws/vpc/ai-dev/flow-logs"),
        (names.secret_arn_pattern(_place()), "arn:aws:secretsmanager:us-east-1:111122223333:secret:ai-dev/*"),
        (
            names.state_bucket_name("111122223333", "us-east-1"),
            "agentic-platform-state-111122223333-us-east-1",
        ),
    ],
)
def test_names_that_others_look_for_never_change(found: str, expected: str) -> None:
    assert found == expected
