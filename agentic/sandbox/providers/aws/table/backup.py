"""Rows of AWS Backup: where backups are kept, when they are made, of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, Call, It, Row, Setting, TagStyle
from agentic.sandbox.providers.aws.styles import look, run
from agentic.sandbox.providers.aws.tags import urn_mark

_LIFECYCLE = {
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "deleteAfter": "DeleteAfterDays",
    "optInToArchiveForSupportedResources": "OptInToArchiveForSupportedResources",
}
_RULE = {
    "completionWindow": "CompletionWindowMinutes",
    "enableContinuousBackup": "EnableContinuousBackup",
    "recoveryPointTags": "RecoveryPointTags",
    "ruleName": "RuleName",
    "schedule": "ScheduleExpression",
    "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "startWindow": "StartWindowMinutes",
    "targetVaultName": "TargetBackupVaultName",
}
_COPY = {"destinationVaultArn": "DestinationBackupVaultArn"}
_TESTS = {
    "stringEquals": "StringEquals",
    "stringLike": "StringLike",
    "stringNotEquals": "StringNotEquals",
    "stringNotLike": "StringNotLike",
}


def _renamed(names: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, Any]:
    return {names[key]: _whole(value) for key, value in said.items() if key in names}


def _back(names: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: found[name] for key, name in names.items() if name in found}


def _whole(value: Any) -> Any:
    """Numbers travel as doubles, and the API takes integers."""
    return int(value) if isinstance(value, float) else value


def _timed(names: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"Lifecycle": _renamed(_LIFECYCLE, said["lifecycle"])} if said.get("lifecycle") else {}
    return {**_renamed(names, said), **kept}


def _untimed(names: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"lifecycle": _back(_LIFECYCLE, found["Lifecycle"])} if found.get("Lifecycle") else {}
    return {**_back(names, found), **kept}


def _document(it: It) -> dict[str, Any]:
    rules = [
        {
            **_timed(_RULE, rule),
            **(
                {"CopyActions": [_timed(_COPY, copy) for copy in rule["copyActions"]]}
                if rule.get("copyActions")
                else {}
            ),
        }
        for rule in it["rules"]
    ]
    return {"BackupPlanName": it["name"], "Rules": rules}


def _rules(_: It, found: Any) -> list[dict[str, Any]]:
    return [
        {
            **_untimed(_RULE, rule),
            **(
                {"copyActions": [_untimed(_COPY, copy) for copy in rule["CopyActions"]]}
                if rule.get("CopyActions")
                else {}
            ),
        }
        for rule in found["BackupPlan"]["Rules"]
    ]


def _plan(it: It) -> dict[str, Any]:
    return {"BackupPlanId": it.id}


def _selection(it: It) -> dict[str, Any]:
    plan, identity = it.parts("|", 1)
    return {"BackupPlanId": plan, "SelectionId": identity}


def _selected(it: It) -> dict[str, Any]:
    conditions = {
        api: [{"ConditionKey": one["key"], "ConditionValue": one["value"]} for one in block[name]]
        for block in it.get("conditions", [])
        for name, api in _TESTS.items()
        if block.get(name)
    }
    tags = [
        {"ConditionType": one["type"], "ConditionKey": one["key"], "ConditionValue": one["value"]}
        for one in it.get("selectionTags", [])
    ]
    said: dict[str, Any] = {
        "SelectionName": it["name"],
        "IamRoleArn": it["iamRoleArn"],
        "Resources": it.get("resources"),
        "NotResources": it.get("notResources"),
        "Conditions": conditions,
        "ListOfTags": tags,
    }
    return {key: value for key, value in said.items() if value}


def _conditions(_: It, found: Any) -> list[dict[str, Any]] | None:
    given = found.get("Conditions")
    if not given:
        return None
    return [
        {
            name: [{"key": one["ConditionKey"], "value": one["ConditionValue"]} for one in given[api]]
            for name, api in _TESTS.items()
            if given.get(api)
        }
    ]


def _selection_tags(_: It, found: Any) -> list[dict[str, Any]] | None:
    return [
        {"type": one["ConditionType"], "key": one["ConditionKey"], "value": one["ConditionValue"]}
        for one in found.get("ListOfTags", [])
    ] or None


def _tags(noun: str, at_create: str) -> TagStyle:
    def arn(it: It) -> str:
        return f"arn:aws:backup:{it.region}:{it.aws.account}:{noun}:{it.id}"

    def put(it: It, tags: Mapping[str, str]) -> object:
        return run(it, "backup", "tag_resource", ResourceArn=arn(it), Tags=dict(tags))

    def drop(it: It, keys: Sequence[str]) -> object:
        return run(it, "backup", "untag_resource", ResourceArn=arn(it), TagKeyList=list(keys))

    return TagStyle(
        at_create=lambda tags: {at_create: dict(tags)},
        read=lambda it, _: look(it, "backup", "list_tags", ResourceArn=arn(it)).get("Tags", {}),
        put=put,
        drop=drop,
    )


def _find_plan(it: It) -> list[str]:
    assert it.named is not None
    mark = urn_mark(it.named)
    plans = run(it, "backup", "list_backup_plans")["BackupPlansList"]
    return [
        plan["BackupPlanId"]
        for plan in plans
        if look(it, "backup", "list_tags", ResourceArn=plan["BackupPlanArn"]).get("Tags", {}).get(URN_TAG)
        == mark
    ]


def _find_selection(it: It) -> list[str]:
    """By name: a selection has no tags, and a plan of ours has each name once."""
    found = look(it, "backup", "list_backup_selections", BackupPlanId=it["planId"])
    return [
        f"{it['planId']}|{one['SelectionId']}"
        for one in found.get("BackupSelectionsList", [])
        if one["SelectionName"] == it["name"]
    ]


ROWS = (
    Row(
        type="aws:backup/vault:Vault",
        service="backup",
        create=Call(
            "create_backup_vault",
            lambda it: {"BackupVaultName": it["name"], "EncryptionKeyArn": it.get("kmsKeyArn")},
        ),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_backup_vault", lambda it: {"BackupVaultName": it.id}),
        delete=(Call("delete_backup_vault", lambda it: {"BackupVaultName": it.id}),),
        observe={"name": "BackupVaultName", "kmsKeyArn": "EncryptionKeyArn"},
        outputs={"arn": "BackupVaultArn", "recoveryPoints": "NumberOfRecoveryPoints || `0`"},
        local="forceDestroy",
        name="name",
        name_limit=50,
        tags=_tags("backup-vault", "BackupVaultTags"),
    ),
    Row(
        type="aws:backup/plan:Plan",
        service="backup",
        create=Call("create_backup_plan", lambda it: {"BackupPlan": _document(it)}),
        made="BackupPlanId",
        read=Call("get_backup_plan", _plan),
        delete=(Call("delete_backup_plan", _plan),),
        settings=(
            Setting(
                "rules",
                Call("update_backup_plan", lambda it: {**_plan(it), "BackupPlan": _document(it)}),
                later=True,
            ),
        ),
        observe={"name": "BackupPlan.BackupPlanName", "rules": _rules},
        outputs={"arn": "BackupPlanArn", "version": "VersionId"},
        name="name",
        name_limit=50,
        tags=_tags("backup-plan", "BackupPlanTags"),
        search=_find_plan,
    ),
    Row(
        type="aws:backup/selection:Selection",
        service="backup",
        create=Call(
            "create_backup_selection",
            lambda it: {"BackupPlanId": it["planId"], "BackupSelection": _selected(it)},
        ),
        made=lambda it, answer: f"{it['planId']}|{answer['SelectionId']}",
        read=Call("get_backup_selection", _selection),
        at="BackupSelection",
        delete=(Call("delete_backup_selection", _selection),),
        observe={
            "planId": lambda it, _: it.parts("|", 1)[0],
            "name": "SelectionName",
            "iamRoleArn": "IamRoleArn",
            "resources": "Resources",
            "notResources": "NotResources",
            "conditions": _conditions,
            "selectionTags": _selection_tags,
        },
        name="name",
        name_limit=50,
        search=_find_selection,
    ),
)
