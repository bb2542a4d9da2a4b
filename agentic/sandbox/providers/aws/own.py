"""AWS operations that moto lacks are answered from the sandbox's own store, in boto3's words and with AWS's errors.

When moto learns an operation, its line in `OPERATIONS` goes and nothing else changes. What stands here is labelled:
`own_store_types` names the types that exist in the store alone, `completed_types` those that moto keeps in part.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Literal

from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.notices import say_gone_along

Operation = Callable[..., dict[str, Any]]
Moto = Callable[..., dict[str, Any]]

OPERATIONS: Mapping[str, frozenset[str]] = {
    "own_access": frozenset(
        [
            "create_access_entry",
            "describe_access_entry",
            "update_access_entry",
            "delete_access_entry",
            "list_access_entries",
            "associate_access_policy",
            "disassociate_access_policy",
            "list_associated_access_policies",
        ]
    ),
    "own_addons": frozenset(
        [
            "create_addon",
            "describe_addon",
            "update_addon",
            "delete_addon",
            "list_addons",
            "create_pod_identity_association",
            "describe_pod_identity_association",
            "update_pod_identity_association",
            "delete_pod_identity_association",
            "list_pod_identity_associations",
        ]
    ),
    "own_backup": frozenset(
        [
            "create_backup_plan",
            "get_backup_plan",
            "update_backup_plan",
            "delete_backup_plan",
            "list_backup_plans",
            "create_backup_selection",
            "get_backup_selection",
            "delete_backup_selection",
            "list_backup_selections",
        ]
    ),
    "own_clusters": frozenset(
        [
            "create_cluster",
            "describe_cluster",
            "delete_cluster",
            "update_cluster_config",
            "update_cluster_version",
            "associate_encryption_config",
        ]
    ),
    "own_cognito": frozenset(
        [
            "create_resource_server",
            "describe_resource_server",
            "update_resource_server",
            "delete_resource_server",
            "list_resource_servers",
        ]
    ),
    "own_elasticache": frozenset(
        [
            "create_user",
            "describe_users",
            "modify_user",
            "delete_user",
            "create_user_group",
            "describe_user_groups",
            "modify_user_group",
            "delete_user_group",
            "create_cache_subnet_group",
            "describe_cache_subnet_groups",
            "modify_cache_subnet_group",
            "delete_cache_subnet_group",
            "create_cache_parameter_group",
            "describe_cache_parameter_groups",
            "describe_cache_parameters",
            "modify_cache_parameter_group",
            "reset_cache_parameter_group",
            "delete_cache_parameter_group",
            "create_replication_group",
            "describe_replication_groups",
            "describe_cache_clusters",
            "modify_replication_group",
            "increase_replica_count",
            "decrease_replica_count",
            "delete_replication_group",
            "list_tags_for_resource",
            "add_tags_to_resource",
            "remove_tags_from_resource",
        ]
    ),
    "own_nodes": frozenset(
        [
            "create_nodegroup",
            "describe_nodegroup",
            "delete_nodegroup",
            "update_nodegroup_config",
            "update_nodegroup_version",
            "tag_resource",
            "untag_resource",
        ]
    ),
}
"""Operations, by the module that answers them."""

SERVICES: Mapping[str, str] = {
    "own_backup": "backup",
    "own_cognito": "cognito-idp",
    "own_elasticache": "elasticache",
}
"""Whose operations a module's are, where they are not EKS's."""

_OWN = {
    "create_backup_plan": "aws:backup/plan:Plan",
    "create_backup_selection": "aws:backup/selection:Selection",
    "create_resource_server": "aws:cognito/resourceServer:ResourceServer",
    "create_access_entry": "aws:eks/accessEntry:AccessEntry",
    "associate_access_policy": "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "create_addon": "aws:eks/addon:Addon",
    "create_pod_identity_association": "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "create_cache_parameter_group": "aws:elasticache/parameterGroup:ParameterGroup",
    "create_replication_group": "aws:elasticache/replicationGroup:ReplicationGroup",
    "create_cache_subnet_group": "aws:elasticache/subnetGroup:SubnetGroup",
    "create_user": "aws:elasticache/user:User",
    "create_user_group": "aws:elasticache/userGroup:UserGroup",
}


def own_store_types() -> list[str]:
    """List the types kept in the sandbox's store alone: moto has no such API."""
    return sorted(_OWN.values())


def completed_types() -> dict[str, str]:
    """Give the types that moto keeps in part, with what the sandbox's store adds."""
    return {
        "aws:eks/cluster:Cluster": "cluster security group, access, upgrade, compute and storage settings, updates",
        "aws:eks/nodeGroup:NodeGroup": "update and repair settings, version updates, tags after creation",
    }


class AwsError(Exception):
    """An AWS error as our own operations raise it; becomes a `ClientError` at the door."""

    def __init__(self, code: str, message: str) -> None:
        """Keep what boto3 would carry."""
        super().__init__(message)
        self.code = code


class Records:
    """Documents by kind and id in `store.db`."""

    def __init__(self, database: Database, table: Literal["record", "completion"] = "record") -> None:
        """Keep them in one of the two tables of `database`."""
        self._database = database
        self._table = table

    def get(self, kind: str, identity: str) -> dict[str, Any] | None:
        """Give a document."""
        row = self._execute("SELECT body FROM documents WHERE kind = ? AND id = ?", kind, identity).fetchone()
        return None if row is None else json.loads(row[0])

    def add(self, kind: str, identity: str, body: Mapping[str, Any]) -> bool:
        """Add a document unless the id is taken; tell whether it was free."""
        text = json.dumps(body, sort_keys=True)
        return bool(
            self._execute("INSERT OR IGNORE INTO documents VALUES (?, ?, ?)", kind, identity, text).rowcount
        )

    def put(self, kind: str, identity: str, body: Mapping[str, Any]) -> None:
        """Write a document over whatever was there."""
        text = json.dumps(body, sort_keys=True)
        self._execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", kind, identity, text)

    def drop(self, kind: str, identity: str) -> bool:
        """Remove a document; tell whether it was there."""
        return bool(self._execute("DELETE FROM documents WHERE kind = ? AND id = ?", kind, identity).rowcount)

    def drop_all(self, kind: str, prefix: str) -> None:
        """Remove every document whose id starts with `prefix`."""
        self._execute(
            "DELETE FROM documents WHERE kind = ? AND substr(id, 1, length(?)) = ?", kind, prefix, prefix
        )

    def all(self, kind: str, prefix: str = "") -> list[dict[str, Any]]:
        """List documents in order of their ids."""
        rows = self._execute(
            "SELECT body FROM documents WHERE kind = ? AND substr(id, 1, length(?)) = ? ORDER BY id",
            kind,
            prefix,
            prefix,
        ).fetchall()
        return [json.loads(body) for (body,) in rows]

    def _execute(self, statement: str, *values: str) -> sqlite3.Cursor:
        return self._database.connection.execute(statement.replace("documents", self._table), values)

    def drop_objects_of(self, cluster: str) -> None:
        """Forget the Kubernetes objects of a cluster that goes: they lived in it."""
        inside = self._database.connection.execute(
            "DELETE FROM object WHERE cluster = ? RETURNING kind, name", (cluster,)
        ).fetchall()
        say_gone_along(f"cluster {cluster}", inside)


class OwnStore:
    """Finds the function that answers an operation moto lacks."""

    def __init__(self, database: Database) -> None:
        """Keep records in `database`."""
        self._records = Records(database)
        self._completions = Records(database, "completion")

    def operation(
        self, service: str, method: str, region: str, account: Callable[[], str], moto: Moto
    ) -> Operation | None:
        """Give the function for one region, or None where moto has the operation itself."""
        name = next(
            (
                name
                for name, methods in OPERATIONS.items()
                if method in methods and SERVICES.get(name, "eks") == service
            ),
            None,
        )
        if name is None:
            return None
        from importlib import import_module

        module = import_module(f"agentic.sandbox.providers.aws.{name}")
        return getattr(module.Operations(self._records, self._completions, region, account, moto), method)
