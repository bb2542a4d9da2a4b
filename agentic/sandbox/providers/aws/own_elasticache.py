"""ElastiCache: moto has groups that cannot be changed or removed, no parameter groups and no user groups."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError, Moto, Records

_USER, _USER_GROUP = "elasticache-user", "elasticache-usergroup"
_SUBNETS, _PARAMETERS, _GROUP = (
    "elasticache-subnetgroup",
    "elasticache-parametergroup",
    "elasticache-replicationgroup",
)
_KINDS = {
    "user": _USER,
    "usergroup": _USER_GROUP,
    "subnetgroup": _SUBNETS,
    "parametergroup": _PARAMETERS,
    "replicationgroup": _GROUP,
}


class Operations:
    """The operations, named as boto3 names them."""

    def __init__(
        self, records: Records, _completions: Records, region: str, account: Callable[[], str], _moto: Moto
    ) -> None:
        """Keep everything in `records`, region by region."""
        self._records = records
        self._region = region
        self._account = account

    def create_user(self, UserId: str, Tags: list[Any] | None = None, **more: Any) -> dict[str, Any]:
        """Refuse a second user of one id, and IAM where id and name differ."""
        mode = more.pop("AuthenticationMode", {"Type": "no-password-required"})
        if mode["Type"] == "iam" and more["UserName"] != UserId:
            raise AwsError(
                "InvalidParameterCombination",
                "User Id and User name must be same for authentication type: iam",
            )
        user = {"UserId": UserId, **more, "Authentication": _authentication(mode), "Status": "active"}
        return self._create(_USER, UserId, user, Tags, "UserAlreadyExists")

    def describe_users(self, UserId: str) -> dict[str, Any]:
        """Give one user."""
        return {"Users": [self._found(_USER, UserId, "UserNotFound")]}

    def modify_user(self, UserId: str, **more: Any) -> dict[str, Any]:
        """Change what a user may do, or how it proves itself."""
        user = self._found(_USER, UserId, "UserNotFound")
        mode = more.pop("AuthenticationMode", None)
        return self._change(
            _USER, UserId, {**user, **more, **({"Authentication": _authentication(mode)} if mode else {})}
        )

    def delete_user(self, UserId: str) -> dict[str, Any]:
        """Take a user away, out of its groups too."""
        user = self._found(_USER, UserId, "UserNotFound")
        for group in self._all(_USER_GROUP):
            if UserId in group["UserIds"]:
                left = [one for one in group["UserIds"] if one != UserId]
                self._change(_USER_GROUP, group["UserGroupId"], {**group, "UserIds": left})
        return self._drop(_USER, UserId, user)

    def create_user_group(
        self, UserGroupId: str, Tags: list[Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Refuse users that are not there."""
        users = more.pop("UserIds", [])
        for user in users:
            self._found(_USER, user, "UserNotFound")
        group = {"UserGroupId": UserGroupId, "UserIds": users, **more, "Status": "active"}
        return self._create(_USER_GROUP, UserGroupId, group, Tags, "UserGroupAlreadyExists")

    def describe_user_groups(self, UserGroupId: str) -> dict[str, Any]:
        """Give one group."""
        return {"UserGroups": [self._found(_USER_GROUP, UserGroupId, "UserGroupNotFound")]}

    def modify_user_group(
        self,
        UserGroupId: str,
        UserIdsToAdd: list[str] | None = None,
        UserIdsToRemove: list[str] | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Add and remove users."""
        group = self._found(_USER_GROUP, UserGroupId, "UserGroupNotFound")
        for user in UserIdsToAdd or []:
            self._found(_USER, user, "UserNotFound")
        users = [one for one in group["UserIds"] if one not in (UserIdsToRemove or [])]
        return self._change(_USER_GROUP, UserGroupId, {**group, "UserIds": [*users, *(UserIdsToAdd or [])]})

    def delete_user_group(self, UserGroupId: str) -> dict[str, Any]:
        """Refuse while a replication group uses it."""
        group = self._found(_USER_GROUP, UserGroupId, "UserGroupNotFound")
        self._refuse_use("UserGroupIds", UserGroupId, "InvalidUserGroupState")
        return self._drop(_USER_GROUP, UserGroupId, group)

    def create_cache_subnet_group(
        self, CacheSubnetGroupName: str, Tags: list[Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Keep the group with its subnets."""
        group = {"CacheSubnetGroupName": CacheSubnetGroupName, **_subnets(more)}
        made = self._create(_SUBNETS, CacheSubnetGroupName, group, Tags, "CacheSubnetGroupAlreadyExists")
        return {"CacheSubnetGroup": made}

    def describe_cache_subnet_groups(self, CacheSubnetGroupName: str) -> dict[str, Any]:
        """Give one group."""
        found = self._found(_SUBNETS, CacheSubnetGroupName, "CacheSubnetGroupNotFoundFault")
        return {"CacheSubnetGroups": [found]}

    def modify_cache_subnet_group(self, CacheSubnetGroupName: str, **more: Any) -> dict[str, Any]:
        """Change description and subnets."""
        group = self._found(_SUBNETS, CacheSubnetGroupName, "CacheSubnetGroupNotFoundFault")
        changed = self._change(_SUBNETS, CacheSubnetGroupName, {**group, **_subnets(more)})
        return {"CacheSubnetGroup": changed}

    def delete_cache_subnet_group(self, CacheSubnetGroupName: str) -> dict[str, Any]:
        """Refuse while a replication group is in it."""
        group = self._found(_SUBNETS, CacheSubnetGroupName, "CacheSubnetGroupNotFoundFault")
        self._refuse_use("CacheSubnetGroupName", CacheSubnetGroupName, "CacheSubnetGroupInUse")
        return self._drop(_SUBNETS, CacheSubnetGroupName, group)

    def create_cache_parameter_group(
        self, CacheParameterGroupName: str, Tags: list[Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Keep the group without parameters of its own."""
        group = {"CacheParameterGroupName": CacheParameterGroupName, **more}
        made = self._create(
            _PARAMETERS, CacheParameterGroupName, group, Tags, "CacheParameterGroupAlreadyExists"
        )
        return {"CacheParameterGroup": made}

    def describe_cache_parameter_groups(self, CacheParameterGroupName: str) -> dict[str, Any]:
        """Give one group."""
        found = self._found(_PARAMETERS, CacheParameterGroupName, "CacheParameterGroupNotFound")
        return {
            "CacheParameterGroups": [{name: item for name, item in found.items() if name != "Parameters"}]
        }

    def describe_cache_parameters(self, CacheParameterGroupName: str, **_: Any) -> dict[str, Any]:
        """Give the parameters somebody set."""
        found = self._found(_PARAMETERS, CacheParameterGroupName, "CacheParameterGroupNotFound")
        return {
            "Parameters": [
                {"ParameterName": name, "ParameterValue": value, "Source": "user"}
                for name, value in found.get("Parameters", {}).items()
            ]
        }

    def modify_cache_parameter_group(
        self, CacheParameterGroupName: str, ParameterNameValues: list[dict[str, str]]
    ) -> dict[str, Any]:
        """Set parameters."""
        found = self._found(_PARAMETERS, CacheParameterGroupName, "CacheParameterGroupNotFound")
        given = {one["ParameterName"]: one["ParameterValue"] for one in ParameterNameValues}
        self._change(
            _PARAMETERS,
            CacheParameterGroupName,
            {**found, "Parameters": {**found.get("Parameters", {}), **given}},
        )
        return {"CacheParameterGroupName": CacheParameterGroupName}

    def reset_cache_parameter_group(
        self, CacheParameterGroupName: str, ParameterNameValues: list[dict[str, str]], **_: Any
    ) -> dict[str, Any]:
        """Set parameters back to the family's."""
        found = self._found(_PARAMETERS, CacheParameterGroupName, "CacheParameterGroupNotFound")
        gone = {one["ParameterName"] for one in ParameterNameValues}
        left = {name: value for name, value in found.get("Parameters", {}).items() if name not in gone}
        self._change(_PARAMETERS, CacheParameterGroupName, {**found, "Parameters": left})
        return {"CacheParameterGroupName": CacheParameterGroupName}

    def delete_cache_parameter_group(self, CacheParameterGroupName: str) -> dict[str, Any]:
        """Refuse while a replication group uses it."""
        group = self._found(_PARAMETERS, CacheParameterGroupName, "CacheParameterGroupNotFound")
        self._refuse_use(
            "CacheParameterGroupName", CacheParameterGroupName, "InvalidCacheParameterGroupState"
        )
        return self._drop(_PARAMETERS, CacheParameterGroupName, group)

    def create_replication_group(
        self, ReplicationGroupId: str, Tags: list[Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """Refuse what it should stand on and is not there, and zones without copies."""
        self.describe_cache_subnet_groups(more["CacheSubnetGroupName"])
        self.describe_cache_parameter_groups(more["CacheParameterGroupName"])
        for group in more.get("UserGroupIds", []):
            self.describe_user_groups(group)
        if more.get("MultiAZEnabled") and more.get("NumCacheClusters", 1) < 2:
            raise AwsError(
                "InvalidParameterCombination", "Must have at least one replica for Multi-AZ enabled."
            )
        document = {"ReplicationGroupId": ReplicationGroupId, **more}
        self._create(_GROUP, ReplicationGroupId, document, Tags, "ReplicationGroupAlreadyExists")
        return self._answer(ReplicationGroupId)

    def describe_replication_groups(self, ReplicationGroupId: str) -> dict[str, Any]:
        """Give one group as ElastiCache shows it."""
        return {"ReplicationGroups": [self._answer(ReplicationGroupId)["ReplicationGroup"]]}

    def describe_cache_clusters(self, CacheClusterId: str) -> dict[str, Any]:
        """Give one node: ElastiCache shows version, subnets and doors here and not at the group."""
        group = self._found(_GROUP, CacheClusterId.rpartition("-")[0], "CacheClusterNotFound")
        node = {
            "CacheClusterId": CacheClusterId,
            "EngineVersion": group["EngineVersion"],
            "CacheSubnetGroupName": group["CacheSubnetGroupName"],
            "CacheParameterGroup": {"CacheParameterGroupName": group["CacheParameterGroupName"]},
            "SecurityGroups": [
                {"SecurityGroupId": one, "Status": "active"} for one in group.get("SecurityGroupIds", [])
            ],
            "PreferredMaintenanceWindow": group.get("PreferredMaintenanceWindow"),
        }
        return {"CacheClusters": [node]}

    def modify_replication_group(self, ReplicationGroupId: str, **more: Any) -> dict[str, Any]:
        """Change settings, and which user groups may log in."""
        group = self._found(_GROUP, ReplicationGroupId, "ReplicationGroupNotFoundFault")
        added, removed = more.pop("UserGroupIdsToAdd", []), more.pop("UserGroupIdsToRemove", [])
        users = [one for one in group.get("UserGroupIds", []) if one not in removed]
        more.pop("ApplyImmediately", None)
        self._change(_GROUP, ReplicationGroupId, {**group, **more, "UserGroupIds": [*users, *added]})
        return self._answer(ReplicationGroupId)

    def increase_replica_count(
        self, ReplicationGroupId: str, NewReplicaCount: int, **_: Any
    ) -> dict[str, Any]:
        """Add copies."""
        return self.modify_replication_group(ReplicationGroupId, NumCacheClusters=NewReplicaCount + 1)

    def decrease_replica_count(
        self, ReplicationGroupId: str, NewReplicaCount: int, **_: Any
    ) -> dict[str, Any]:
        """Take copies away, not the last while failover needs it."""
        group = self._found(_GROUP, ReplicationGroupId, "ReplicationGroupNotFoundFault")
        if NewReplicaCount == 0 and group.get("AutomaticFailoverEnabled"):
            raise AwsError("InvalidParameterCombination", "Automatic failover needs at least one replica.")
        return self.modify_replication_group(ReplicationGroupId, NumCacheClusters=NewReplicaCount + 1)

    def delete_replication_group(self, ReplicationGroupId: str, **_: Any) -> dict[str, Any]:
        """Take it away."""
        answer = self._answer(ReplicationGroupId)
        self._drop(_GROUP, ReplicationGroupId, {})
        return answer

    def list_tags_for_resource(self, ResourceName: str) -> dict[str, Any]:
        """List the tags of a thing by its ARN."""
        kind, name = _from_arn(ResourceName)
        return {"TagList": self._found(kind, name, "InvalidARN").get("Tags", [])}

    def add_tags_to_resource(self, ResourceName: str, Tags: list[dict[str, str]]) -> dict[str, Any]:
        """Add tags, or change them."""
        kind, name = _from_arn(ResourceName)
        found = self._found(kind, name, "InvalidARN")
        keys = {tag["Key"] for tag in Tags}
        left = [tag for tag in found.get("Tags", []) if tag["Key"] not in keys]
        self._change(kind, name, {**found, "Tags": [*left, *Tags]})
        return {"TagList": [*left, *Tags]}

    def remove_tags_from_resource(self, ResourceName: str, TagKeys: list[str]) -> dict[str, Any]:
        """Take tags away."""
        kind, name = _from_arn(ResourceName)
        found = self._found(kind, name, "InvalidARN")
        left = [tag for tag in found.get("Tags", []) if tag["Key"] not in TagKeys]
        self._change(kind, name, {**found, "Tags": left})
        return {"TagList": left}

    def _answer(self, identity: str) -> dict[str, Any]:
        group = self._found(_GROUP, identity, "ReplicationGroupNotFoundFault")
        host = f"{identity}.sandbox.cache.amazonaws.com"
        port = group.get("Port", 6379)
        shown = (
            "ReplicationGroupId",
            "ARN",
            "CacheNodeType",
            "Engine",
            "KmsKeyId",
            "AtRestEncryptionEnabled",
            "TransitEncryptionEnabled",
            "TransitEncryptionMode",
            "SnapshotRetentionLimit",
            "SnapshotWindow",
            "UserGroupIds",
            "AutoMinorVersionUpgrade",
        )
        return {
            "ReplicationGroup": {
                **{name: group[name] for name in shown if name in group},
                "Description": group.get("ReplicationGroupDescription"),
                "Status": "available",
                "AutomaticFailover": "enabled" if group.get("AutomaticFailoverEnabled") else "disabled",
                "MultiAZ": "enabled" if group.get("MultiAZEnabled") else "disabled",
                "MemberClusters": [
                    f"{identity}-{number:03}" for number in range(1, group.get("NumCacheClusters", 1) + 1)
                ],
                "NodeGroups": [
                    {
                        "NodeGroupId": "0001",
                        "PrimaryEndpoint": {"Address": f"master.{host}", "Port": port},
                        "ReaderEndpoint": {"Address": f"replica.{host}", "Port": port},
                    }
                ],
            }
        }

    def _refuse_use(self, member: str, value: str, code: str) -> None:
        for group in self._all(_GROUP):
            used = group.get(member)
            if used == value or (isinstance(used, list) and value in used):
                raise AwsError(code, f"{value} is in use by replication group {group['ReplicationGroupId']}.")

    def _create(
        self, kind: str, name: str, document: dict[str, Any], tags: list[Any] | None, code: str
    ) -> dict[str, Any]:
        word = next(word for word, of in _KINDS.items() if of == kind)
        arn = f"arn:aws:elasticache:{self._region}:{self._account()}:{word}:{name}"
        whole = {**document, "ARN": arn, "Tags": tags or []}
        if not self._records.add(kind, self._place(name), whole):
            raise AwsError(code, f"{name} exists already.")
        return whole

    def _change(self, kind: str, name: str, document: dict[str, Any]) -> dict[str, Any]:
        self._records.put(kind, self._place(name), document)
        return document

    def _drop(self, kind: str, name: str, document: dict[str, Any]) -> dict[str, Any]:
        self._records.drop(kind, self._place(name))
        return document

    def _found(self, kind: str, name: str, code: str) -> dict[str, Any]:
        found = self._records.get(kind, self._place(name))
        if found is None:
            raise AwsError(code, f"{name} not found.")
        return found

    def _all(self, kind: str) -> list[dict[str, Any]]:
        return self._records.all(kind, f"{self._region}|")

    def _place(self, name: str) -> str:
        return f"{self._region}|{name}"


def _authentication(mode: dict[str, Any]) -> dict[str, Any]:
    """What of a mode is shown: how many passwords there are, never one of them."""
    return {"Type": mode["Type"], "PasswordCount": len(mode.get("Passwords", []))}


def _subnets(more: dict[str, Any]) -> dict[str, Any]:
    shown = (
        {"Subnets": [{"SubnetIdentifier": one} for one in more.pop("SubnetIds")]}
        if "SubnetIds" in more
        else {}
    )
    return {**more, **shown}


def _from_arn(arn: str) -> tuple[str, str]:
    kind, _, name = arn.split(":", 5)[5].partition(":")
    return _KINDS[kind], name
