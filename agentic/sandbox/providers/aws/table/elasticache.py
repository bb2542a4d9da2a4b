"""Rows of ElastiCache: replication groups, their users, and what they stand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.sandbox.providers.aws.row import Call, It, Row, Setting
from agentic.sandbox.providers.aws.styles import arn_tags, named_parameters, run


def _cache_parameters(it: It) -> None:
    olds: Any = it.before.get("parameters") or []
    news: Any = it.get("parameters") or []
    names = {one["name"] for one in news}
    gone: Any = [
        {"ParameterName": one["name"], "ParameterValue": one["value"]}
        for one in olds
        if one["name"] not in names
    ]
    if gone:
        run(
            it,
            "elasticache",
            "reset_cache_parameter_group",
            CacheParameterGroupName=it.id,
            ParameterNameValues=gone,
        )
    if news:
        given: Any = [{"ParameterName": one["name"], "ParameterValue": one["value"]} for one in news]
        run(
            it,
            "elasticache",
            "modify_cache_parameter_group",
            CacheParameterGroupName=it.id,
            ParameterNameValues=given,
        )


def _lists(it: It, name: str) -> tuple[list[str], list[str]]:
    """What came to a list, and what went."""
    olds: Any = it.before.get(name) or []
    news: Any = it.get(name) or []
    return [one for one in news if one not in olds], [one for one in olds if one not in news]


def _change_members(it: It) -> None:
    added, gone = _lists(it, "userIds")
    change: Any = {"UserIdsToAdd": added or None, "UserIdsToRemove": gone or None}
    given = {name: value for name, value in change.items() if value}
    run(it, "elasticache", "modify_user_group", UserGroupId=it.id, **given)


# Property -> member, where the names differ by more than case.
_GROUP = {
    "description": "ReplicationGroupDescription",
    "nodeType": "CacheNodeType",
    "parameterGroupName": "CacheParameterGroupName",
    "subnetGroupName": "CacheSubnetGroupName",
    "maintenanceWindow": "PreferredMaintenanceWindow",
}
_GROUP_CHANGES = {
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "automaticFailoverEnabled": "AutomaticFailoverEnabled",
    "engineVersion": "EngineVersion",
    "multiAzEnabled": "MultiAZEnabled",
    "securityGroupIds": "SecurityGroupIds",
    "snapshotRetentionLimit": "SnapshotRetentionLimit",
    "snapshotWindow": "SnapshotWindow",
    "transitEncryptionMode": "TransitEncryptionMode",
    **{name: member for name, member in _GROUP.items() if name != "subnetGroupName"},
}


def _change_group(it: It) -> None:
    changed: Any = {
        member: it[name]
        for name, member in _GROUP_CHANGES.items()
        if it.get(name) is not None and it.get(name) != it.before.get(name)
    }
    added, gone = _lists(it, "userGroupIds")
    changed |= {"UserGroupIdsToAdd": added} if added else {}
    changed |= {"UserGroupIdsToRemove": gone} if gone else {}
    if changed:
        run(
            it,
            "elasticache",
            "modify_replication_group",
            ReplicationGroupId=it.id,
            ApplyImmediately=True,
            **changed,
        )


def _resize(it: It) -> None:
    more = int(it["numCacheClusters"]) > int(it.before.get("numCacheClusters", 1))
    run(
        it,
        "elasticache",
        "increase_replica_count" if more else "decrease_replica_count",
        ReplicationGroupId=it.id,
        NewReplicaCount=int(it["numCacheClusters"]) - 1,
        ApplyImmediately=True,
    )


def _of_node(path: Callable[[dict[str, Any]], Any]) -> Callable[[It, Any], Any]:
    """What ElastiCache shows at a node and not at the group."""

    def observe(it: It, found: Any) -> Any:
        (node,) = run(
            it, "elasticache", "describe_cache_clusters", CacheClusterId=found["MemberClusters"][0]
        )["CacheClusters"]
        return path(node)

    return observe


def _switch(member: str) -> Callable[[It, Any], bool]:
    return lambda _, found: bool(found[member] == "enabled")


ROWS = (
    Row(
        type="aws:elasticache/user:User",
        service="elasticache",
        create=Call("create_user"),
        natural=lambda inputs: str(inputs["userId"]),
        read=Call("describe_users", lambda it: {"UserId": it.id}),
        at="Users[0]",
        delete=(Call("delete_user", lambda it: {"UserId": it.id}),),
        settings=(
            Setting(
                "accessString",
                Call("modify_user", lambda it: {"UserId": it.id, "AccessString": it["accessString"]}),
            ),
            Setting(
                "authenticationMode",
                Call(
                    "modify_user",
                    lambda it: {
                        "UserId": it.id,
                        "AuthenticationMode": {
                            "Type": it["authenticationMode"]["type"],
                            "Passwords": it["authenticationMode"].get("passwords"),
                        }
                        if it["authenticationMode"].get("passwords")
                        else {"Type": it["authenticationMode"]["type"]},
                    },
                ),
            ),
        ),
        observe={"authenticationMode": lambda _, found: {"type": found["Authentication"]["Type"]}},
        outputs={"arn": "ARN"},
        name="userId",
        name_limit=40,
        tags=arn_tags("elasticache", "user"),
    ),
    Row(
        type="aws:elasticache/userGroup:UserGroup",
        service="elasticache",
        create=Call("create_user_group"),
        natural=lambda inputs: str(inputs["userGroupId"]),
        read=Call("describe_user_groups", lambda it: {"UserGroupId": it.id}),
        at="UserGroups[0]",
        delete=(Call("delete_user_group", lambda it: {"UserGroupId": it.id}),),
        settings=(Setting("userIds", _change_members),),
        outputs={"arn": "ARN"},
        name="userGroupId",
        name_limit=40,
        tags=arn_tags("elasticache", "usergroup"),
    ),
    Row(
        type="aws:elasticache/subnetGroup:SubnetGroup",
        service="elasticache",
        create=Call(
            "create_cache_subnet_group",
            lambda it: {
                "CacheSubnetGroupName": it["name"],
                "CacheSubnetGroupDescription": it.get("description", "Managed by Pulumi"),
            },
        ),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_cache_subnet_groups", lambda it: {"CacheSubnetGroupName": it.id}),
        at="CacheSubnetGroups[0]",
        delete=(Call("delete_cache_subnet_group", lambda it: {"CacheSubnetGroupName": it.id}),),
        settings=(
            Setting(
                "description subnetIds",
                Call(
                    "modify_cache_subnet_group",
                    lambda it: {
                        "CacheSubnetGroupName": it.id,
                        "CacheSubnetGroupDescription": it.get("description"),
                        "SubnetIds": it["subnetIds"],
                    },
                ),
                later=True,
            ),
        ),
        observe={
            "name": "CacheSubnetGroupName",
            "description": "CacheSubnetGroupDescription",
            "subnetIds": "Subnets[].SubnetIdentifier",
        },
        outputs={"arn": "ARN"},
        name="name",
        name_limit=255,
        tags=arn_tags("elasticache", "subnetgroup"),
    ),
    Row(
        type="aws:elasticache/parameterGroup:ParameterGroup",
        service="elasticache",
        create=Call(
            "create_cache_parameter_group",
            lambda it: {
                "CacheParameterGroupName": it["name"],
                "CacheParameterGroupFamily": it["family"],
                "Description": it.get("description", "Managed by Pulumi"),
            },
        ),
        natural=lambda inputs: str(inputs["name"]),
        read=Call("describe_cache_parameter_groups", lambda it: {"CacheParameterGroupName": it.id}),
        at="CacheParameterGroups[0]",
        delete=(Call("delete_cache_parameter_group", lambda it: {"CacheParameterGroupName": it.id}),),
        settings=(Setting("parameters", _cache_parameters),),
        observe={
            "name": "CacheParameterGroupName",
            "family": "CacheParameterGroupFamily",
            "parameters": named_parameters(
                "elasticache", "describe_cache_parameters", "CacheParameterGroupName"
            ),
        },
        outputs={"arn": "ARN"},
        replace="family description",
        name="name",
        name_limit=255,
        tags=arn_tags("elasticache", "parametergroup"),
    ),
    Row(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        service="elasticache",
        create=Call(
            "create_replication_group",
            lambda it: {member: it[name] for name, member in _GROUP.items() if it.get(name) is not None},
        ),
        natural=lambda inputs: str(inputs["replicationGroupId"]),
        read=Call("describe_replication_groups", lambda it: {"ReplicationGroupId": it.id}),
        at="ReplicationGroups[0]",
        delete=(
            Call(
                "delete_replication_group",
                lambda it: {
                    "ReplicationGroupId": it.id,
                    "FinalSnapshotIdentifier": it.get("finalSnapshotIdentifier"),
                },
            ),
        ),
        settings=(
            Setting("numCacheClusters", _resize, later=True),
            Setting(" ".join((*_GROUP_CHANGES, "userGroupIds")), _change_group, later=True),
        ),
        observe={
            "nodeType": "CacheNodeType",
            "numCacheClusters": lambda _, found: len(found["MemberClusters"]),
            "automaticFailoverEnabled": _switch("AutomaticFailover"),
            "multiAzEnabled": _switch("MultiAZ"),
            "port": "NodeGroups[0].PrimaryEndpoint.Port",
            "engineVersion": _of_node(lambda node: node["EngineVersion"]),
            "subnetGroupName": _of_node(lambda node: node["CacheSubnetGroupName"]),
            "parameterGroupName": _of_node(
                lambda node: node["CacheParameterGroup"]["CacheParameterGroupName"]
            ),
            "securityGroupIds": _of_node(
                lambda node: [one["SecurityGroupId"] for one in node["SecurityGroups"]]
            ),
            "maintenanceWindow": _of_node(lambda node: node.get("PreferredMaintenanceWindow")),
        },
        outputs={
            "arn": "ARN",
            "primaryEndpointAddress": "NodeGroups[0].PrimaryEndpoint.Address",
            "readerEndpointAddress": "NodeGroups[0].ReaderEndpoint.Address",
            "memberClusters": "MemberClusters",
        },
        local="finalSnapshotIdentifier applyImmediately",
        name="replicationGroupId",
        name_limit=40,
        tags=arn_tags("elasticache", "replicationgroup"),
    ),
)
