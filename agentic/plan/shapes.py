"""Which outputs only the cloud knows, by type: what a capture may answer with a reference.

A row lists attribute paths in the provider's spelling. Inputs are echoed as outputs, so a name that the
program sets needs no row; `id` needs none either. An attribute without a row is an untyped unknown, and a
capture in which one ends in another resource's inputs fails and names the row to add.

Attribute names: pulumi-aws 7.51.1, pulumi-kubernetes 4.34.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from agentic.plan.references import reference
from agentic.plan.wire import SIGNATURE

SHAPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "aws:acm/certificate:Certificate": ("arn",),
        "aws:backup/plan:Plan": ("arn", "version"),
        "aws:backup/vault:Vault": ("arn", "recoveryPoints"),
        "aws:cloudfront/distribution:Distribution": ("arn", "domainName", "hostedZoneId", "status"),
        "aws:cloudwatch/eventRule:EventRule": ("arn", "name"),
        "aws:cloudwatch/eventTarget:EventTarget": ("arn",),
        "aws:cloudwatch/logGroup:LogGroup": ("arn", "name"),
        "aws:cognito/resourceServer:ResourceServer": ("scopeIdentifiers",),
        "aws:cognito/userGroup:UserGroup": ("name",),
        "aws:cognito/userPool:UserPool": ("arn", "name", "endpoint", "domain"),
        "aws:cognito/userPoolClient:UserPoolClient": ("clientSecret", "name"),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("arn", "name"),
        "aws:ec2/eip:Eip": ("allocationId", "arn", "publicIp"),
        "aws:ec2/flowLog:FlowLog": ("arn",),
        "aws:ec2/internetGateway:InternetGateway": ("arn", "vpcId"),
        "aws:ec2/launchTemplate:LaunchTemplate": ("arn", "latestVersion", "name"),
        "aws:ec2/natGateway:NatGateway": ("allocationId", "networkInterfaceId", "privateIp", "publicIp"),
        "aws:ec2/networkAcl:NetworkAcl": ("arn",),
        "aws:ec2/routeTable:RouteTable": ("arn",),
        "aws:ec2/securityGroup:SecurityGroup": ("arn", "name", "vpcId"),
        "aws:ec2/subnet:Subnet": ("arn", "availabilityZone", "availabilityZoneId"),
        "aws:ec2/vpc:Vpc": (
            "arn",
            "defaultNetworkAclId",
            "defaultRouteTableId",
            "defaultSecurityGroupId",
            "mainRouteTableId",
        ),
        "aws:ec2/vpcEndpoint:VpcEndpoint": ("arn", "dnsEntries[0].dnsName", "prefixListId"),
        "aws:ecr/repository:Repository": ("arn", "name", "registryId", "repositoryUrl"),
        "aws:eks/accessEntry:AccessEntry": ("accessEntryArn", "type", "userName"),
        "aws:eks/addon:Addon": ("addonVersion", "arn"),
        "aws:eks/cluster:Cluster": (
            "arn",
            "certificateAuthority.data",
            "endpoint",
            "identities[0].oidcs[0].issuer",
            "name",
            "platformVersion",
            "region",
            "status",
            "vpcConfig.clusterSecurityGroupId",
            "vpcConfig.vpcId",
        ),
        "aws:eks/nodeGroup:NodeGroup": ("arn", "nodeGroupName", "releaseVersion", "status", "version"),
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": ("associationArn", "associationId"),
        "aws:elasticache/replicationGroup:ReplicationGroup": (
            "arn",
            "primaryEndpointAddress",
            "readerEndpointAddress",
        ),
        "aws:elasticache/parameterGroup:ParameterGroup": ("arn", "name"),
        "aws:elasticache/subnetGroup:SubnetGroup": ("arn", "name"),
        "aws:elasticache/user:User": ("arn", "userId"),
        "aws:elasticache/userGroup:UserGroup": ("arn", "userGroupId"),
        "aws:iam/instanceProfile:InstanceProfile": ("arn", "name", "uniqueId"),
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ("arn",),
        "aws:iam/policy:Policy": ("arn", "name", "policyId"),
        "aws:iam/role:Role": ("arn", "name", "uniqueId"),
        "aws:kms/alias:Alias": ("arn", "name", "targetKeyArn"),
        "aws:kms/key:Key": ("arn", "keyId"),
        "aws:rds/instance:Instance": (
            "address",
            "arn",
            "endpoint",
            "masterUserSecrets[0].secretArn",
            "port",
            "resourceId",
        ),
        "aws:rds/parameterGroup:ParameterGroup": ("arn", "name"),
        "aws:rds/subnetGroup:SubnetGroup": ("arn", "name"),
        "aws:s3/bucket:Bucket": ("arn", "bucket", "bucketDomainName", "bucketRegionalDomainName"),
        "aws:s3/bucketV2:BucketV2": ("arn", "bucket", "bucketDomainName", "bucketRegionalDomainName"),
        "aws:secretsmanager/secret:Secret": ("arn", "name"),
        "aws:secretsmanager/secretVersion:SecretVersion": ("arn", "versionId"),
        "aws:sns/topic:Topic": ("arn", "name"),
        "aws:sqs/queue:Queue": ("arn", "name", "url"),
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("arn", "securityGroupRuleId"),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("arn", "securityGroupRuleId"),
        "aws:wafv2/webAcl:WebAcl": ("arn", "capacity", "lockToken"),
        "kubernetes:helm.sh/v3:Release": ("name",),
    }
)

KUBERNETES_OBJECT = ("metadata.name",)
"""The row of every Kubernetes type without its own: only a name that is left to auto-naming is unknown."""

RELEASE = "kubernetes:helm.sh/v3:Release"

OPAQUE_COMPONENTS: Mapping[str, str] = MappingProxyType(
    {
        "kubernetes:yaml/v2:ConfigFile": "manifests behind a version-pinned URL, read by the provider",
    }
)
"""Remote components whose children no capture can list, and why that is accepted."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@cache
def outputs_of(type_token: str) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
    """The row of a type, each attribute with its path split into steps."""
    row = SHAPES.get(type_token)
    if row is None:
        row = KUBERNETES_OBJECT if type_token.startswith("kubernetes:") else ()
    return tuple((attribute, steps(attribute)) for attribute in row)


def steps(attribute: str) -> tuple[str | int, ...]:
    """`identities[0].issuer` as ("identities", 0, "issuer")."""
    return tuple(int(index) if index else key for key, index in _STEP.findall(attribute))


def known_id(type_token: str, inputs: Mapping[str, Any]) -> str:
    """The id of a Kubernetes object as its provider makes it, `namespace/name`, or nothing when unknown."""
    if not type_token.startswith("kubernetes:"):
        return ""
    named: Any = inputs if type_token == RELEASE else inputs.get("metadata")
    if not isinstance(named, dict):
        return ""
    labelled = cast("dict[str, Any]", named)
    name, namespace = labelled.get("name"), labelled.get("namespace")
    return "/".join(part for part in (namespace, name) if part) if name else ""


def add_references(fields: Any, type_token: str, name: str) -> None:
    """Put a reference where the row of this type has an output that the echoed inputs do not state."""
    for attribute, path in outputs_of(type_token):
        _place(fields[path[0]], path[1:], reference(type_token, name, attribute))


def _place(value: Any, path: tuple[str | int, ...], text: str) -> None:
    kind = value.WhichOneof("kind")
    if not path:
        if kind is None:
            value.string_value = text
    elif isinstance(path[0], int):
        if kind in (None, "list_value"):
            items = value.list_value.values
            while len(items) <= path[0]:
                items.add()
            _place(items[path[0]], path[1:], text)
    elif kind is None or (kind == "struct_value" and SIGNATURE not in value.struct_value.fields):
        _place(value.struct_value.fields[path[0]], path[1:], text)
