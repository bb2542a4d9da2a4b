from __future__ import annotations

import json

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.backup.aws_backup import AwsBackup, AwsBackupArgs
from components.backup.spec import BackupSpec
from components.core.aws import Place

VAULT = "aws:backup/vault:Vault"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"


def captured(capture: Capture, place: Place, *, retain: bool = True) -> Plan:
    def program() -> None:
        made = AwsBackup(
            "backup",
            AwsBackupArgs(
                place=place,
                spec=BackupSpec(mode="aws_backup", retention_days=35),
                key_arn="arn:aws:kms:eu-west-1:111122223333:key/k",
                after=(),
                protect=retain,
                retain=retain,
            ),
        )
        assert made.vault == "ai-dev"

    return capture(program)


def test_cluster_and_databases_are_selected_by_one_plan_with_one_role(capture: Capture, place: Place) -> None:
    plan = captured(capture, place)
    cluster, databases = plan.one(SELECTION, "backup-cluster"), plan.one(SELECTION, "backup-databases")
    assert cluster.inputs["resources"] == [place.cluster_arn]
    assert databases.inputs["conditions"][0]["stringEquals"][0]["value"] == "ai-dev"
    for selection in (cluster, databases):
        assert plan.deleted_before(selection.urn, plan.one(PLAN).urn)
    assert plan.deleted_before(plan.one(PLAN).urn, plan.one(VAULT).urn)


def test_only_aws_backup_takes_the_role(capture: Capture, place: Place) -> None:
    plan = captured(capture, place)
    trust = json.loads(plan.one("aws:iam/role:Role").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "backup.amazonaws.com"}
    attached = {
        one.inputs["policyArn"] for one in plan.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert attached == {
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
    }


@pytest.mark.parametrize("retain", [True, False])
def test_backups_outlive_the_stack_where_data_does(capture: Capture, place: Place, retain: bool) -> None:
    vault = captured(capture, place, retain=retain).one(VAULT)
    assert vault.options.get("retain_on_delete", False) is retain
    assert vault.options.get("protect", False) is retain
    assert vault.inputs["forceDestroy"] is not retain
    assert vault.inputs["kmsKeyArn"].endswith("key/k")


def test_the_rule_keeps_backups_as_long_as_the_stack_says(capture: Capture, place: Place) -> None:
    (rule,) = captured(capture, place).one(PLAN).inputs["rules"]
    assert rule["lifecycle"] == {"deleteAfter": 35}
    assert rule["targetVaultName"] == "ai-dev"
