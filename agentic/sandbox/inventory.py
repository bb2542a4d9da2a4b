"""Lists what exists in a sandbox by asking moto, the API server and the store themselves, not engine or providers.

That makes it a witness: a thing that the engine forgot or made twice shows here. What AWS makes by itself is
left out: the default VPC, its own keys and policies, and what comes and goes with every VPC (its default
security group, main route table and default ACL).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import jmespath
from botocore.config import Config
from botocore.exceptions import ClientError

from agentic.rehearsal.objects import Objects
from agentic.sandbox import api_server
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.kubernetes.managers import managers


@dataclass(frozen=True, slots=True)
class Listing:
    """One way to list one kind of thing; `ids` is a JMESPath over the answer."""

    kind: str
    service: str
    method: str
    ids: str
    arguments: Mapping[str, Any] | None = None


LISTINGS: tuple[Listing, ...] = (
    Listing("VPC", "ec2", "describe_vpcs", "Vpcs[?!IsDefault].VpcId"),
    Listing("subnet", "ec2", "describe_subnets", "Subnets[?!DefaultForAz].SubnetId"),
    Listing(
        "route table", "ec2", "describe_route_tables", "RouteTables[?!(Associations[?Main])].RouteTableId"
    ),
    Listing(
        "security group", "ec2", "describe_security_groups", "SecurityGroups[?GroupName!='default'].GroupId"
    ),
    Listing("network ACL", "ec2", "describe_network_acls", "NetworkAcls[?!IsDefault].NetworkAclId"),
    Listing("internet gateway", "ec2", "describe_internet_gateways", "InternetGateways[].InternetGatewayId"),
    Listing(
        "egress-only gateway",
        "ec2",
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways[].EgressOnlyInternetGatewayId",
    ),
    Listing("NAT gateway", "ec2", "describe_nat_gateways", "NatGateways[?State!='deleted'].NatGatewayId"),
    Listing("elastic IP", "ec2", "describe_addresses", "Addresses[].AllocationId"),
    Listing("VPC endpoint", "ec2", "describe_vpc_endpoints", "VpcEndpoints[?State!='deleted'].VpcEndpointId"),
    Listing("flow log", "ec2", "describe_flow_logs", "FlowLogs[].FlowLogId"),
    Listing("launch template", "ec2", "describe_launch_templates", "LaunchTemplates[].LaunchTemplateId"),
    Listing(
        "network interface", "ec2", "describe_network_interfaces", "NetworkInterfaces[].NetworkInterfaceId"
    ),
    Listing("volume", "ec2", "describe_volumes", "Volumes[].VolumeId"),
    Listing(
        "instance",
        "ec2",
        "describe_instances",
        "Reservations[].Instances[?State.Name!='terminated'].InstanceId[]",
    ),
    Listing("role", "iam", "list_roles", "Roles[?!starts_with(Path, '/aws-service-role/')].RoleName"),
    Listing(
        "service-linked role",
        "iam",
        "list_roles",
        "Roles[?starts_with(Path, '/aws-service-role/')].RoleName",
    ),
    Listing("policy", "iam", "list_policies", "Policies[].Arn", {"Scope": "Local"}),
    Listing("instance profile", "iam", "list_instance_profiles", "InstanceProfiles[].InstanceProfileName"),
    Listing("OIDC provider", "iam", "list_open_id_connect_providers", "OpenIDConnectProviderList[].Arn"),
    Listing("EKS cluster", "eks", "list_clusters", "clusters"),
    Listing("queue", "sqs", "list_queues", "QueueUrls"),
    Listing("topic", "sns", "list_topics", "Topics[].TopicArn"),
    Listing("event rule", "events", "list_rules", "Rules[].Name"),
    Listing("log group", "logs", "describe_log_groups", "logGroups[].logGroupName"),
    Listing("bucket", "s3", "list_buckets", "Buckets[].Name"),
    Listing("secret", "secretsmanager", "list_secrets", "SecretList[].Name"),
    Listing("parameter", "ssm", "describe_parameters", "Parameters[].Name"),
    Listing("database", "rds", "describe_db_instances", "DBInstances[].DBInstanceIdentifier"),
    Listing("database cluster", "rds", "describe_db_clusters", "DBClusters[].DBClusterIdentifier"),
    Listing("database subnets", "rds", "describe_db_subnet_groups", "DBSubnetGroups[].DBSubnetGroupName"),
    Listing(
        "database parameters",
        "rds",
        "describe_db_parameter_groups",
        "DBParameterGroups[].DBParameterGroupName",
    ),
    Listing("cache", "elasticache", "describe_replication_groups", "ReplicationGroups[].ReplicationGroupId"),
    Listing("backup vault", "backup", "list_backup_vaults", "BackupVaultList[].BackupVaultName"),
    Listing("distribution", "cloudfront", "list_distributions", "DistributionList.Items[].Id"),
    Listing("web ACL", "wafv2", "list_web_acls", "WebACLs[].Id", {"Scope": "REGIONAL"}),
    Listing("web ACL of the edge", "wafv2", "list_web_acls", "WebACLs[].Id", {"Scope": "CLOUDFRONT"}),
    Listing("user pool", "cognito-idp", "list_user_pools", "UserPools[].Id", {"MaxResults": 60}),
    Listing("image repository", "ecr", "describe_repositories", "repositories[].repositoryName"),
)


_AWS_ALIAS = "alias/aws/"


@dataclass(frozen=True, slots=True)
class Inventory:
    """What exists, by kind; equal inventories have equal `counts`."""

    things: Mapping[str, tuple[str, ...]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self.things

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {kind: len(names) for kind, names in self.things.items()}

    def lines(self) -> list[str]:
        """One line a kind, with the names."""
        return [f"{kind} {len(names)}: {', '.join(names)}" for kind, names in self.things.items()]


def take(layout: Layout, url: str | None, region: str) -> Inventory:
    """Everything in the AWS at `url` and in the store; no server means no AWS to have anything in."""
    found: dict[str, tuple[str, ...]] = {}
    if url:
        for kind, names in _aws(url, region):
            if names:
                found[kind] = tuple(sorted(names))
    found |= _stored(layout)
    for kind, names in _served(layout).items():
        found[kind] = tuple(sorted({*found.get(kind, ()), *names}))
    return Inventory(dict(sorted(found.items())))


def _aws(url: str, region: str) -> Iterable[tuple[str, list[str]]]:
    anyone: dict[str, Any] = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    # boto3's stubs know clients by literal names only; here the names are data.
    session: Any = boto3.session.Session(region_name=region, **anyone)
    quick = Config(retries={"max_attempts": 2}, proxies={}, connect_timeout=5, read_timeout=30)
    clients: dict[str, Any] = {}

    def ask(service: str, method: str, **arguments: Any) -> dict[str, Any]:
        if service not in clients:
            clients[service] = session.client(service, endpoint_url=url, config=quick)
        client = clients[service]
        if client.can_paginate(method):
            merged: dict[str, Any] = client.get_paginator(method).paginate(**arguments).build_full_result()
            return merged
        answer: dict[str, Any] = getattr(client, method)(**arguments)
        return answer

    for row in LISTINGS:
        try:
            answer = ask(row.service, row.method, **(row.arguments or {}))
        except (ClientError, NotImplementedError) as refusal:
            yield row.kind, [f"cannot be listed: {refusal}"]
            continue
        yield row.kind, jmespath.search(row.ids, answer) or []
        if row.method == "list_clusters":
            for cluster in answer["clusters"]:
                groups = ask("eks", "list_nodegroups", clusterName=cluster)["nodegroups"]
                yield "node group", [f"{cluster}/{group}" for group in groups]
    yield "key", _keys(ask)
    yield "key alias", _aliases(ask)


def _keys(ask: Any) -> list[str]:
    """Keys in use: a deleted one stays listed, pending deletion, for its waiting period.

    A key behind an alias of AWS is AWS's own, made when a service first needs it; moto calls it a customer's.
    """
    aliases: list[dict[str, str]] = ask("kms", "list_aliases")["Aliases"]
    own = {alias.get("TargetKeyId") for alias in aliases if alias["AliasName"].startswith(_AWS_ALIAS)}
    described = (
        ask("kms", "describe_key", KeyId=key["KeyId"])["KeyMetadata"]
        for key in ask("kms", "list_keys")["Keys"]
    )
    return [
        key["KeyId"]
        for key in described
        if key["KeyState"] != "PendingDeletion" and key.get("KeyManager") != "AWS" and key["KeyId"] not in own
    ]


def _aliases(ask: Any) -> list[str]:
    aliases: list[dict[str, str]] = ask("kms", "list_aliases")["Aliases"]
    return [alias["AliasName"] for alias in aliases if not alias["AliasName"].startswith(_AWS_ALIAS)]


def _served(layout: Layout) -> dict[str, list[str]]:
    """What the program has in the API server: every object that one of its resources has a part in."""
    server = api_server.recorded(layout)
    if server is None or not server.is_healthy():
        return {}
    client = server.client()
    try:
        objects = Objects(client)
        found: dict[str, list[str]] = {}
        for kind in objects.kinds.listed():
            for metadata in objects.list_metadata(kind.api_version, kind.kind):
                if managers({"metadata": metadata}):
                    name, namespace = str(metadata["name"]), str(metadata.get("namespace", ""))
                    place = f"{namespace}/{name}" if namespace else name
                    found.setdefault(f"{kind.kind} (cluster)", []).append(place)
        return found
    finally:
        client.close()


def _stored(layout: Layout) -> dict[str, tuple[str, ...]]:
    """What the sandbox itself keeps: cluster objects, releases, and AWS things that moto has no API for."""
    if not layout.store.exists():
        return {}
    found: dict[str, list[str]] = {}
    connection = sqlite3.connect(layout.store, timeout=30)
    try:
        for kind, namespace, name in connection.execute("SELECT kind, namespace, name FROM object"):
            found.setdefault(f"{kind} (cluster)", []).append(f"{namespace}/{name}" if namespace else name)
        for kind, identity in connection.execute("SELECT kind, id FROM record"):
            found.setdefault(f"{kind} (kept by the sandbox)", []).append(identity)
    finally:
        connection.close()
    return {kind: tuple(sorted(names)) for kind, names in found.items()}
