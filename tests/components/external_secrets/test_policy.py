from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.core.aws import Place
from components.external_secrets.policy import operator_rights

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
SUPPLIED = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shared/openai-AbCdEf"


def statement(sid: str, *, place: Place = PLACE, supplied: tuple[str, ...] = ()) -> dict[str, Any]:
    return next(one for one in operator_rights(place, supplied)["Statement"] if one["Sid"] == sid)


def test_it_reads_under_the_platforms_prefix_only() -> None:
    assert statement("ReadPlatformSecrets")["Resource"] == [
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-dev/*"
    ]


def test_a_supplied_secret_is_added_by_its_own_arn() -> None:
    assert statement("ReadPlatformSecrets", supplied=(SUPPLIED,))["Resource"][1:] == [SUPPLIED]


def test_supplied_secrets_are_sorted_so_that_order_in_config_changes_nothing() -> None:
    one, two = SUPPLIED, SUPPLIED.replace("openai", "cohere")
    assert operator_rights(PLACE, (one, two)) == operator_rights(PLACE, (two, one))


def test_the_reading_statement_reads_and_never_writes_or_lists() -> None:
    actions = statement("ReadPlatformSecrets")["Action"]
    assert all(
        action.startswith(("secretsmanager:Get", "secretsmanager:Describe")) or "VersionIds" in action
        for action in actions
    )
    assert "secretsmanager:ListSecrets" not in actions


def test_it_creates_under_the_prefix_and_only_what_it_marks_as_its_own() -> None:
    creating = statement("CreatePlatformSecrets")
    assert creating["Action"] == ["secretsmanager:CreateSecret", "secretsmanager:TagResource"]
    assert creating["Resource"] == ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-dev/*"]
    assert creating["Condition"] == {"StringEquals": {"aws:RequestTag/managed-by": "external-secrets"}}


def test_a_supplied_secret_is_never_written() -> None:
    assert SUPPLIED not in statement("CreatePlatformSecrets", supplied=(SUPPLIED,))["Resource"]


def test_nothing_that_exists_can_be_overwritten_or_deleted() -> None:
    """A cluster made anew generates new values; they may not win over those that data was encrypted with."""
    actions = {action for one in operator_rights(PLACE)["Statement"] for action in one["Action"]}
    assert not {action for action in actions if action.split(":")[1].startswith(("Put", "Delete", "Update"))}


def test_it_becomes_the_reader_of_this_clusters_tenants_and_nobody_else() -> None:
    becoming = statement("BecomeTenantReaders")
    assert becoming["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert becoming["Resource"] == ["arn:aws:iam::111122223333:role/ai-dev-tenant-*"]


def test_nothing_else_is_allowed() -> None:
    assert [one["Sid"] for one in operator_rights(PLACE)["Statement"]] == [
        "ReadPlatformSecrets",
        "CreatePlatformSecrets",
        "BecomeTenantReaders",
    ]
    assert "*" not in [
        resource for one in operator_rights(PLACE)["Statement"] for resource in one["Resource"]
    ]


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_arns_are_of_the_partition(partition: str) -> None:
    for one in operator_rights(replace(PLACE, partition=partition))["Statement"]:
        assert all(resource.startswith(f"arn:{partition}:") for resource in one["Resource"])
