"""Rows of the services around a cluster: keys, logs, events, queues, secrets."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, Call, It, Row, Setting
from agentic.sandbox.providers.aws.styles import look, mapped_tags, paired_tags, run
from agentic.sandbox.providers.aws.tags import from_pairs, urn_mark

_KEY_WINDOW_DAYS = 30


def _key_tags(it: It, _: Any) -> dict[str, str]:
    return from_pairs(look(it, "kms", "list_resource_tags", KeyId=it.id).get("Tags"), "TagKey", "TagValue")


def _find_key(it: It) -> list[str]:
    assert it.named is not None
    keys = [key["KeyId"] for key in run(it, "kms", "list_keys")["Keys"]]
    tags = {key: look(it, "kms", "list_resource_tags", KeyId=key).get("Tags") for key in keys}
    return [
        key for key in keys if from_pairs(tags[key], "TagKey", "TagValue").get(URN_TAG) == urn_mark(it.named)
    ]


def _rotation(it: It) -> None:
    run(
        it,
        "kms",
        "enable_key_rotation" if it.get("enableKeyRotation") else "disable_key_rotation",
        KeyId=it.id,
    )


def _enabled(it: It) -> None:
    run(it, "kms", "enable_key" if it.get("isEnabled", True) else "disable_key", KeyId=it.id)


def _log_group_arn(it: It) -> str:
    return f"arn:aws:logs:{it.region}:{it.aws.account}:log-group:{it.id}"


def _retention(it: It) -> None:
    days = it.get("retentionInDays") or 0
    if days:
        run(it, "logs", "put_retention_policy", logGroupName=it.id, retentionInDays=days)
    else:
        run(it, "logs", "delete_retention_policy", logGroupName=it.id)


def _rule(it: It) -> dict[str, Any]:
    return {
        "Name": it["name"],
        "EventBusName": it.get("eventBusName"),
        "EventPattern": it.get("eventPattern"),
        "ScheduleExpression": it.get("scheduleExpression"),
        "Description": it.get("description"),
        "RoleArn": it.get("roleArn"),
        "State": it.get("state"),
    }


def _rule_id(inputs: Any) -> str:
    bus = inputs.get("eventBusName") or "default"
    return str(inputs["name"]) if bus == "default" else f"{bus}/{inputs['name']}"


def _rule_place(identity: str) -> dict[str, str]:
    bus, _, name = identity.rpartition("/")
    return {"Name": name, "EventBusName": bus or "default"}


def _target_place(it: It) -> dict[str, str]:
    bus, rule, _ = it.parts("/")
    return {"Rule": rule, "EventBusName": bus}


def _target(it: It) -> dict[str, Any]:
    target = {"Id": it["targetId"], "Arn": it["arn"]}
    for name, member in {"roleArn": "RoleArn", "input": "Input", "inputPath": "InputPath"}.items():
        if it.get(name):
            target[member] = it[name]
    if it.get("sqsTarget"):
        target["SqsParameters"] = {"MessageGroupId": it["sqsTarget"]["messageGroupId"]}
    if it.get("deadLetterConfig"):
        target["DeadLetterConfig"] = {"Arn": it["deadLetterConfig"]["arn"]}
    return {"Rule": it["rule"], "EventBusName": it.get("eventBusName", "default"), "Targets": [target]}


_QUEUE_ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


def _queue_attributes(it: It) -> dict[str, str]:
    stated = {member: it.get(name) for name, member in _QUEUE_ATTRIBUTES.items()}
    texts = {
        member: str(value).lower() if isinstance(value, bool) else value for member, value in stated.items()
    }
    return {member: str(value) for member, value in texts.items() if value is not None}


def _set_queue(it: It) -> None:
    cleared = {
        _QUEUE_ATTRIBUTES[name]: ""
        for name in ("policy", "kmsMasterKeyId", "redrivePolicy")
        if name in it.before
    }
    attributes = {**cleared, **_queue_attributes(it)}
    attributes.pop("FifoQueue", None)
    run(it, "sqs", "set_queue_attributes", QueueUrl=it.id, Attributes=attributes)


def _find_queue(it: It) -> list[str]:
    url = look(it, "sqs", "get_queue_url", QueueName=it["name"]).get("QueueUrl")
    tags: Any = look(it, "sqs", "list_queue_tags", QueueUrl=url).get("Tags", {}) if url else {}
    assert it.named is not None
    return [url] if url and tags.get(URN_TAG) == urn_mark(it.named) else []


def _find_secret(it: It) -> list[str]:
    found = look(it, "secretsmanager", "describe_secret", SecretId=it["name"])
    assert it.named is not None
    return [found["ARN"]] if from_pairs(found.get("Tags")).get(URN_TAG) == urn_mark(it.named) else []


def _delete_secret(it: It) -> None:
    days = it.get("recoveryWindowInDays", _KEY_WINDOW_DAYS)
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    run(it, "secretsmanager", "delete_secret", SecretId=it.id, **how)


ROWS = (
    Row(
        type="aws:kms/key:Key",
        service="kms",
        create=Call(
            "create_key",
            lambda it: {"CustomerMasterKeySpec": None, "KeySpec": it.get("customerMasterKeySpec")},
        ),
        made="KeyMetadata.KeyId",
        read=Call("describe_key", lambda it: {"KeyId": it.id}),
        at=lambda _, answer: (
            answer["KeyMetadata"] if answer["KeyMetadata"]["KeyState"] != "PendingDeletion" else None
        ),
        # AWS keeps a deleted key for its window; until then only its state says that it is gone.
        delete=(
            Call(
                "schedule_key_deletion",
                lambda it: {
                    "KeyId": it.id,
                    "PendingWindowInDays": it.get("deletionWindowInDays", _KEY_WINDOW_DAYS),
                },
            ),
        ),
        settings=(
            Setting("enableKeyRotation", _rotation),
            Setting("isEnabled", _enabled),
            Setting(
                "policy",
                Call(
                    "put_key_policy",
                    lambda it: {"KeyId": it.id, "PolicyName": "default", "Policy": it["policy"]},
                ),
            ),
            Setting(
                "description",
                Call(
                    "update_key_description",
                    lambda it: {"KeyId": it.id, "Description": it.get("description", "")},
                ),
            ),
        ),
        observe={
            "enableKeyRotation": lambda it, _: look(it, "kms", "get_key_rotation_status", KeyId=it.id).get(
                "KeyRotationEnabled"
            ),
            "isEnabled": "Enabled",
            "policy": lambda it, _: look(it, "kms", "get_key_policy", KeyId=it.id, PolicyName="default").get(
                "Policy"
            ),
            "customerMasterKeySpec": "KeySpec",
        },
        outputs={"arn": "Arn", "keyId": "KeyId"},
        local="deletionWindowInDays",
        tags=paired_tags("kms", "resource", "KeyId", key="TagKey", read=_key_tags),
        search=_find_key,
    ),
    Row(
        type="aws:kms/alias:Alias",
        service="kms",
        create=Call("create_alias", lambda it: {"AliasName": it["name"]}),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("list_aliases"),
        at=lambda it, answer: next((a for a in answer["Aliases"] if a["AliasName"] == it.id), None),
        delete=(Call("delete_alias", lambda it: {"AliasName": it.id}),),
        settings=(
            Setting(
                "targetKeyId",
                Call("update_alias", lambda it: {"AliasName": it.id, "TargetKeyId": it["targetKeyId"]}),
            ),
        ),
        observe={"name": "AliasName"},
        outputs={
            "arn": "AliasArn",
            "targetKeyArn": lambda it, found: (
                f"arn:aws:kms:{it.region}:{it.aws.account}:key/{found['TargetKeyId']}"
            ),
        },
        name="name",
        name_limit=256,
    ),
    Row(
        type="aws:cloudwatch/logGroup:LogGroup",
        service="logs",
        create=Call("create_log_group", lambda it: {"logGroupName": it["name"]}),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_log_groups", lambda it: {"logGroupNamePrefix": it.id}),
        at=lambda it, answer: next((g for g in answer["logGroups"] if g["logGroupName"] == it.id), None),
        delete=(Call("delete_log_group", lambda it: {"logGroupName": it.id}),),
        settings=(Setting("retentionInDays", _retention),),
        observe={"name": "logGroupName"},
        outputs={"arn": lambda it, _: _log_group_arn(it)},
        replace="kmsKeyId",
        local="skipDestroy",
        name="name",
        name_limit=512,
        tags=mapped_tags(
            "logs",
            read=lambda it, _: look(it, "logs", "list_tags_for_resource", resourceArn=_log_group_arn(it)).get(
                "tags", {}
            ),
            put=lambda it, tags: run(
                it, "logs", "tag_resource", resourceArn=_log_group_arn(it), tags=dict(tags)
            ),
            drop=lambda it, keys: run(
                it, "logs", "untag_resource", resourceArn=_log_group_arn(it), tagKeys=list(keys)
            ),
        ),
    ),
    Row(
        type="aws:cloudwatch/eventRule:EventRule",
        service="events",
        create=Call("put_rule", _rule),
        natural=_rule_id,
        read=Call("describe_rule", lambda it: _rule_place(it.id)),
        delete=(Call("delete_rule", lambda it: {**_rule_place(it.id), "Force": it.get("forceDestroy")}),),
        settings=(
            Setting(
                "description eventPattern roleArn scheduleExpression state",
                Call("put_rule", _rule),
                later=True,
            ),
        ),
        outputs={"arn": "Arn"},
        local="forceDestroy",
        name="name",
        tags=paired_tags(
            "events",
            "resource",
            "ResourceARN",
            where=lambda it: str(run(it, "events", "describe_rule", **_rule_place(it.id))["Arn"]),
            read=lambda it, found: from_pairs(
                look(it, "events", "list_tags_for_resource", ResourceARN=found["Arn"]).get("Tags")
            ),
        ),
    ),
    Row(
        type="aws:cloudwatch/eventTarget:EventTarget",
        service="events",
        create=Call("put_targets", _target),
        natural=lambda inputs: (
            f"{inputs.get('eventBusName') or 'default'}/{inputs['rule']}/{inputs['targetId']}"
        ),
        read=Call("list_targets_by_rule", _target_place),
        at=lambda it, answer: next((t for t in answer["Targets"] if t["Id"] == it.parts("/")[2]), None),
        delete=(Call("remove_targets", lambda it: {**_target_place(it), "Ids": [it.parts("/")[2]]}),),
        settings=(
            Setting(
                "arn deadLetterConfig input inputPath roleArn sqsTarget",
                Call("put_targets", _target),
                later=True,
            ),
        ),
        observe={
            "targetId": "Id",
            "rule": lambda it, _: it.parts("/")[1],
            "sqsTarget": "SqsParameters",
        },
        name="targetId",
    ),
    Row(
        type="aws:sqs/queue:Queue",
        service="sqs",
        create=Call(
            "create_queue", lambda it: {"QueueName": it["name"], "Attributes": _queue_attributes(it)}
        ),
        made="QueueUrl",
        read=Call("get_queue_attributes", lambda it: {"QueueUrl": it.id, "AttributeNames": ["All"]}),
        at="Attributes",
        delete=(Call("delete_queue", lambda it: {"QueueUrl": it.id}),),
        settings=(Setting(" ".join(_QUEUE_ATTRIBUTES), _set_queue, later=True),),
        observe={
            "name": lambda it, _: it.id.rpartition("/")[2],
            **{
                # A policy or an encryption setting nobody stated is a default, or another resource's.
                name: lambda it, found, name=name, member=member: (
                    found.get(member) if name in it.inputs else None
                )
                for name, member in _QUEUE_ATTRIBUTES.items()
            },
        },
        outputs={"arn": "QueueArn", "url": lambda it, _: it.id},
        name="name",
        name_limit=80,
        tags=mapped_tags(
            "sqs",
            read=lambda it, _: look(it, "sqs", "list_queue_tags", QueueUrl=it.id).get("Tags", {}),
            put=lambda it, tags: run(it, "sqs", "tag_queue", QueueUrl=it.id, Tags=dict(tags)),
            drop=lambda it, keys: run(it, "sqs", "untag_queue", QueueUrl=it.id, TagKeys=list(keys)),
        ),
        search=_find_queue,
    ),
    Row(
        type="aws:sqs/queuePolicy:QueuePolicy",
        service="sqs",
        create=Call("set_queue_attributes", lambda it: {"Attributes": {"Policy": it["policy"]}}),
        natural=lambda inputs: str(inputs["queueUrl"]),
        read=Call("get_queue_attributes", lambda it: {"QueueUrl": it.id, "AttributeNames": ["Policy"]}),
        at=lambda _, answer: answer.get("Attributes") if answer.get("Attributes", {}).get("Policy") else None,
        delete=(Call("set_queue_attributes", lambda it: {"QueueUrl": it.id, "Attributes": {"Policy": ""}}),),
        settings=(
            Setting(
                "policy",
                Call(
                    "set_queue_attributes",
                    lambda it: {"QueueUrl": it.id, "Attributes": {"Policy": it["policy"]}},
                ),
                later=True,
            ),
        ),
        observe={"queueUrl": lambda it, _: it.id, "policy": "Policy"},
    ),
    Row(
        type="aws:secretsmanager/secret:Secret",
        service="secretsmanager",
        create=Call("create_secret"),
        made="ARN",
        read=Call("describe_secret", lambda it: {"SecretId": it.id}),
        at=lambda _, answer: None if answer.get("DeletedDate") else answer,
        delete=(_delete_secret,),
        settings=(
            Setting(
                "description kmsKeyId",
                Call(
                    "update_secret",
                    lambda it: {
                        "SecretId": it.id,
                        "Description": it.get("description", ""),
                        "KmsKeyId": it.get("kmsKeyId"),
                    },
                ),
            ),
        ),
        outputs={"arn": "ARN"},
        local="recoveryWindowInDays forceOverwriteReplicaSecret",
        name="name",
        name_limit=512,
        tags=paired_tags("secretsmanager", "resource", "SecretId"),
        search=_find_secret,
    ),
)
