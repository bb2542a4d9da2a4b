"""Rows of RDS: instances and what they stand on."""

from __future__ import annotations

from typing import Any, cast

from agentic.sandbox.providers.aws.row import Call, It, Row, Setting
from agentic.sandbox.providers.aws.styles import arn_of, arn_tags, look, named_parameters, run

# Property -> member, where the names differ by more than case.
_INSTANCE = {
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "parameterGroupName": "DBParameterGroupName",
    "caCertIdentifier": "CACertificateIdentifier",
    "username": "MasterUsername",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "backupWindow": "PreferredBackupWindow",
    "maintenanceWindow": "PreferredMaintenanceWindow",
}
_INSTANCE_CHANGES = {
    "allocatedStorage": "AllocatedStorage",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "deletionProtection": "DeletionProtection",
    "engineVersion": "EngineVersion",
    "maxAllocatedStorage": "MaxAllocatedStorage",
    "multiAz": "MultiAZ",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "publiclyAccessible": "PubliclyAccessible",
    "storageType": "StorageType",
    "vpcSecurityGroupIds": "VpcSecurityGroupIds",
    **{
        name: member
        for name, member in _INSTANCE.items()
        if name not in ("identifier", "username", "enabledCloudwatchLogsExports")
    },
}


def _change_instance(it: It) -> None:
    changed = {
        member: it[name]
        for name, member in _INSTANCE_CHANGES.items()
        if it.get(name) is not None and it.get(name) != it.before.get(name)
    }
    olds: Any = it.before.get("enabledCloudwatchLogsExports") or []
    news: Any = it.get("enabledCloudwatchLogsExports") or []
    if olds != news:
        changed["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": [log for log in news if log not in olds],
            "DisableLogTypes": [log for log in olds if log not in news],
        }
    run(it, "rds", "modify_db_instance", DBInstanceIdentifier=it.id, ApplyImmediately=True, **changed)


def _drop_instance(it: It) -> None:
    keep: Any = (
        {} if it.get("skipFinalSnapshot") else {"FinalDBSnapshotIdentifier": it["finalSnapshotIdentifier"]}
    )
    run(
        it,
        "rds",
        "delete_db_instance",
        DBInstanceIdentifier=it.id,
        SkipFinalSnapshot=bool(it.get("skipFinalSnapshot")),
        DeleteAutomatedBackups=bool(it.get("deleteAutomatedBackups", True)),
        **keep,
    )


def _master_secrets(_: It, found: Any) -> list[dict[str, Any]]:
    secret = found.get("MasterUserSecret")
    return (
        [
            {
                "secretArn": secret["SecretArn"],
                "secretStatus": secret["SecretStatus"],
                "kmsKeyId": secret.get("KmsKeyId"),
            }
        ]
        if secret
        else []
    )


def _change_db_subnets(it: It) -> None:
    """Change subnets; moto forgets a group that is changed, so it is made again with its tags."""
    tags = list(
        look(it, "rds", "list_tags_for_resource", ResourceName=arn_of(it, "rds", "subgrp")).get("TagList", [])
    )
    inputs = {
        "DBSubnetGroupName": it.id,
        "DBSubnetGroupDescription": it.get("description", ""),
        "SubnetIds": it["subnetIds"],
    }
    run(it, "rds", "modify_db_subnet_group", **inputs)
    if not look(it, "rds", "describe_db_subnet_groups", DBSubnetGroupName=it.id):
        run(it, "rds", "create_db_subnet_group", **inputs, Tags=tags)


def _db_parameters(it: It) -> None:
    given: Any = [
        {
            "ParameterName": one["name"],
            "ParameterValue": one["value"],
            "ApplyMethod": one.get("applyMethod", "immediate"),
        }
        for one in cast("list[dict[str, Any]]", it.get("parameters") or [])
    ]
    run(it, "rds", "modify_db_parameter_group", DBParameterGroupName=it.id, Parameters=given)


ROWS = (
    Row(
        type="aws:rds/instance:Instance",
        service="rds",
        create=Call(
            "create_db_instance",
            lambda it: {member: it[name] for name, member in _INSTANCE.items() if it.get(name) is not None},
        ),
        natural=lambda inputs: str(inputs["identifier"]),
        read=Call("describe_db_instances", lambda it: {"DBInstanceIdentifier": it.id}),
        at="DBInstances[0]",
        delete=(_drop_instance,),
        settings=(
            Setting(
                " ".join((*_INSTANCE_CHANGES, "enabledCloudwatchLogsExports")), _change_instance, later=True
            ),
        ),
        observe={
            "identifier": "DBInstanceIdentifier",
            "instanceClass": "DBInstanceClass",
            "username": "MasterUsername",
            "multiAz": "MultiAZ",
            "port": "Endpoint.Port",
            "dbSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
            "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
            "parameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
            "caCertIdentifier": "CACertificateIdentifier",
            "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled",
            "manageMasterUserPassword": lambda _, found: True if found.get("MasterUserSecret") else None,
            "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "backupWindow": "PreferredBackupWindow",
            "maintenanceWindow": "PreferredMaintenanceWindow",
            # moto keeps nothing about Performance Insights.
            "performanceInsightsEnabled": lambda _, __: None,
        },
        outputs={
            "address": "Endpoint.Address",
            "arn": "DBInstanceArn",
            "endpoint": lambda _, found: f"{found['Endpoint']['Address']}:{found['Endpoint']['Port']}",
            "masterUserSecrets": _master_secrets,
            "resourceId": "DbiResourceId",
        },
        local="skipFinalSnapshot finalSnapshotIdentifier deleteAutomatedBackups applyImmediately",
        name="identifier",
        name_limit=63,
        tags=arn_tags("rds", "db"),
    ),
    Row(
        type="aws:rds/subnetGroup:SubnetGroup",
        service="rds",
        create=Call(
            "create_db_subnet_group",
            lambda it: {
                "DBSubnetGroupName": it["name"],
                "DBSubnetGroupDescription": it.get("description", "Managed by Pulumi"),
            },
        ),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_db_subnet_groups", lambda it: {"DBSubnetGroupName": it.id}),
        at="DBSubnetGroups[0]",
        delete=(Call("delete_db_subnet_group", lambda it: {"DBSubnetGroupName": it.id}),),
        settings=(Setting("description subnetIds", _change_db_subnets, later=True),),
        observe={
            "name": "DBSubnetGroupName",
            "description": "DBSubnetGroupDescription",
            "subnetIds": "Subnets[].SubnetIdentifier",
        },
        outputs={"arn": "DBSubnetGroupArn"},
        name="name",
        name_limit=255,
        tags=arn_tags("rds", "subgrp"),
    ),
    Row(
        type="aws:rds/parameterGroup:ParameterGroup",
        service="rds",
        create=Call(
            "create_db_parameter_group",
            lambda it: {
                "DBParameterGroupName": it["name"],
                "DBParameterGroupFamily": it["family"],
                "Description": it.get("description", "Managed by Pulumi"),
            },
        ),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_db_parameter_groups", lambda it: {"DBParameterGroupName": it.id}),
        at="DBParameterGroups[0]",
        delete=(Call("delete_db_parameter_group", lambda it: {"DBParameterGroupName": it.id}),),
        settings=(Setting("parameters", _db_parameters),),
        observe={
            "name": "DBParameterGroupName",
            "family": "DBParameterGroupFamily",
            "parameters": named_parameters("rds", "describe_db_parameters", "DBParameterGroupName"),
        },
        outputs={"arn": "DBParameterGroupArn"},
        replace="family description",
        local="skipDestroy",
        name="name",
        name_limit=255,
        tags=arn_tags("rds", "pg"),
    ),
)
