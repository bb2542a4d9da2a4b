"""Which changed properties make a provider replace a resource instead of updating it.

A row is complete for its type: what it does not name is updated in place. A type without a row answers
UNKNOWN, and so does a property whose answer depends on more than its path.

AWS rows: ForceNew (RequiresReplace) in the terraform-provider-aws 6 that pulumi-aws 7.51.1 bridges.
Kubernetes rows: forceNewProperties of pulumi-kubernetes 4.34.2, which has an answer for every kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from agentic.plan.shapes import OPAQUE_COMPONENTS, RELEASE

AWS_SOURCE = "pulumi-aws 7.51.1"
KUBERNETES_SOURCE = "pulumi-kubernetes 4.34.2"


class Verdict(StrEnum):
    """Whether a change replaces the resource."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


AWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "aws:backup/plan:Plan": ("name",),
        "aws:backup/selection:Selection": (
            "conditions",
            "iamRoleArn",
            "name",
            "notResources",
            "planId",
            "resources",
            "selectionTags",
        ),
        "aws:backup/vault:Vault": ("kmsKeyArn", "name"),
        "aws:cloudfront/distribution:Distribution": ("staging",),
        "aws:cloudwatch/eventRule:EventRule": ("eventBusName", "name", "namePrefix"),
        "aws:cloudwatch/eventTarget:EventTarget": ("eventBusName", "rule", "targetId"),
        "aws:cloudwatch/logGroup:LogGroup": ("logGroupClass", "name", "namePrefix"),
        "aws:cognito/resourceServer:ResourceServer": ("identifier", "userPoolId"),
        "aws:cognito/userPool:UserPool": (
            "aliasAttributes",
            "name",
            "usernameAttributes",
            "usernameConfiguration.caseSensitive",
        ),
        "aws:cognito/userGroup:UserGroup": ("name", "userPoolId"),
        "aws:cognito/userPoolClient:UserPoolClient": ("generateSecret", "userPoolId"),
        "aws:cognito/userPoolDomain:UserPoolDomain": ("domain", "userPoolId"),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("vpcId",),
        "aws:ec2/eip:Eip": (
            "address",
            "customerOwnedIpv4Pool",
            "domain",
            "ipamPoolId",
            "networkBorderGroup",
            "publicIpv4Pool",
        ),
        "aws:ec2/flowLog:FlowLog": (
            "deliverCrossAccountRole",
            "destinationOptions",
            "eniId",
            "iamRoleArn",
            "logDestination",
            "logDestinationType",
            "logFormat",
            "maxAggregationInterval",
            "regionalNatGatewayId",
            "subnetId",
            "trafficType",
            "transitGatewayAttachmentId",
            "transitGatewayId",
            "vpcId",
        ),
        "aws:ec2/internetGateway:InternetGateway": (),
        "aws:ec2/launchTemplate:LaunchTemplate": ("name", "namePrefix"),
        "aws:ec2/natGateway:NatGateway": (
            "allocationId",
            "availabilityMode",
            "connectivityType",
            "privateIp",
            "secondaryPrivateIpAddressCount",
            "subnetId",
            "vpcId",
        ),
        "aws:ec2/route:Route": (
            "destinationCidrBlock",
            "destinationIpv6CidrBlock",
            "destinationPrefixListId",
            "routeTableId",
        ),
        "aws:ec2/routeTable:RouteTable": ("vpcId",),
        "aws:ec2/routeTableAssociation:RouteTableAssociation": ("gatewayId", "subnetId"),
        "aws:ec2/securityGroup:SecurityGroup": ("description", "name", "namePrefix", "vpcId"),
        "aws:ec2/subnet:Subnet": (
            "availabilityZone",
            "availabilityZoneId",
            "cidrBlock",
            "ipv4IpamPoolId",
            "ipv4NetmaskLength",
            "ipv6Native",
            "outpostArn",
            "vpcId",
        ),
        "aws:ec2/tag:Tag": ("key", "resourceId"),
        "aws:ec2/vpc:Vpc": ("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
        "aws:ec2/vpcEndpoint:VpcEndpoint": (
            "dnsOptions.privateDnsPreference",
            "dnsOptions.privateDnsSpecifiedDomains",
            "resourceConfigurationArn",
            "serviceName",
            "serviceNetworkArn",
            "serviceRegion",
            "vpcEndpointType",
            "vpcId",
        ),
        "aws:eks/accessEntry:AccessEntry": ("clusterName", "principalArn", "type"),
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
            "accessScope",
            "clusterName",
            "policyArn",
            "principalArn",
        ),
        "aws:eks/addon:Addon": ("addonName", "clusterName"),
        "aws:eks/cluster:Cluster": (
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "bootstrapSelfManagedAddons",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "name",
            "outpostConfig",
            "roleArn",
        ),
        "aws:eks/nodeGroup:NodeGroup": (
            "amiType",
            "capacityType",
            "clusterName",
            "diskSize",
            "instanceTypes",
            "launchTemplate.id",
            "launchTemplate.name",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "remoteAccess",
            "subnetIds",
        ),
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
            "clusterName",
            "namespace",
            "serviceAccount",
        ),
        "aws:elasticache/parameterGroup:ParameterGroup": ("description", "family", "name"),
        "aws:elasticache/replicationGroup:ReplicationGroup": (
            "atRestEncryptionEnabled",
            "dataTieringEnabled",
            "globalReplicationGroupId",
            "kmsKeyId",
            "networkType",
            "port",
            "replicationGroupId",
            "securityGroupNames",
            "snapshotArns",
            "snapshotName",
            "subnetGroupName",
        ),
        "aws:elasticache/subnetGroup:SubnetGroup": ("name",),
        "aws:elasticache/user:User": ("userId", "userName"),
        "aws:elasticache/userGroup:UserGroup": ("userGroupId",),
        "aws:iam/instanceProfile:InstanceProfile": ("name", "namePrefix", "path"),
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ("url",),
        "aws:iam/policy:Policy": ("description", "name", "namePrefix", "path"),
        "aws:iam/role:Role": ("name", "namePrefix", "path"),
        "aws:iam/rolePolicy:RolePolicy": ("name", "namePrefix", "role"),
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn", "role"),
        "aws:kms/alias:Alias": ("name", "namePrefix"),
        "aws:kms/key:Key": (
            "customKeyStoreId",
            "customerMasterKeySpec",
            "keyUsage",
            "multiRegion",
            "xksKeyId",
        ),
        "aws:rds/instance:Instance": (
            "availabilityZone",
            "backupTarget",
            "characterSetName",
            "customIamInstanceProfile",
            "dbName",
            "engine",
            "kmsKeyId",
            "ncharCharacterSetName",
            "restoreToPointInTime",
            "s3Import",
            "snapshotIdentifier",
            "storageEncrypted",
            "timezone",
            "username",
        ),
        "aws:rds/parameterGroup:ParameterGroup": ("description", "family", "name", "namePrefix"),
        "aws:rds/subnetGroup:SubnetGroup": ("name", "namePrefix"),
        "aws:sqs/queue:Queue": ("fifoQueue", "name", "namePrefix"),
        "aws:sqs/queuePolicy:QueuePolicy": ("queueUrl",),
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("securityGroupId",),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("securityGroupId",),
        "aws:wafv2/webAcl:WebAcl": ("name", "namePrefix", "scope"),
    }
)

DEPENDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Only for an endpoint that is not of type Interface.
        "aws:ec2/vpcEndpoint:VpcEndpoint": ("privateDnsEnabled",),
        # Taking encryption away, changing a node role that is set; anything else about both is in place.
        "aws:eks/cluster:Cluster": ("computeConfig.nodeRoleArn", "encryptionConfig", "remoteNetworkConfig"),
        # Going back to an older version, or from Valkey to Redis, needs a new group; going forward does not.
        "aws:elasticache/replicationGroup:ReplicationGroup": (
            "engine",
            "engineVersion",
            "nodeGroupConfigurations",
            "transitEncryptionEnabled",
        ),
        "aws:elasticache/userGroup:UserGroup": ("engine",),
        # Renamed in place by newer versions of the provider, replaced by older ones.
        "aws:rds/instance:Instance": ("identifier", "identifierPrefix"),
        # From dedicated to default it is in place.
        "aws:ec2/vpc:Vpc": ("instanceTenancy",),
    }
)
"""Properties of types with a row whose answer depends on values: UNKNOWN."""

_METADATA = ("metadata.name", "metadata.namespace")
_SELECTOR = ("spec.selector",)
_STATEFUL = (
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
)

KUBERNETES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kubernetes:apps/v1:DaemonSet": _SELECTOR,
        "kubernetes:apps/v1:Deployment": _SELECTOR,
        "kubernetes:apps/v1:StatefulSet": _STATEFUL,
        "kubernetes:batch/v1:Job": ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
        "kubernetes:core/v1:PersistentVolumeClaim": (
            "spec.accessModes",
            "spec.selector",
            "spec.storageClassName",
            "spec.volumeName",
        ),
        "kubernetes:core/v1:ResourceQuota": ("spec.scopes",),
        "kubernetes:core/v1:Secret": ("type",),
        "kubernetes:core/v1:Service": ("spec.clusterIP",),
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ("roleRef",),
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ("roleRef",),
        "kubernetes:storage.k8s.io/v1:StorageClass": ("parameters", "provisioner"),
    }
)
"""On top of name and namespace, which replace every kind."""

KUBERNETES_UNLESS_MUTABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kubernetes:core/v1:ConfigMap": ("binaryData", "data", "immutable"),
        "kubernetes:core/v1:Secret": ("data", "immutable", "stringData"),
    }
)
"""Replaced or updated by a setting of the provider (enableConfigMapMutable, enableSecretMutable): UNKNOWN."""

_INDEX = re.compile(r"\[\d+\]")


def source_of(type_token: str) -> str:
    """The provider and version a verdict about this type rests on, or nothing."""
    if type_token in AWS:
        return AWS_SOURCE
    return KUBERNETES_SOURCE if _rows(type_token)[0] is not None else ""


def verdict(type_token: str, path: str) -> Verdict:
    """Whether a change at one property path replaces a resource of this type."""
    rows, open_questions = _rows(type_token)
    if rows is None:
        return Verdict.UNKNOWN
    if _touches(path, rows):
        return Verdict.YES
    return Verdict.UNKNOWN if _touches(path, open_questions) else Verdict.NO


def overall(type_token: str, paths: Iterable[str]) -> Verdict:
    """Whether changes at all these paths together replace a resource of this type."""
    found = {verdict(type_token, path) for path in paths}
    if Verdict.YES in found:
        return Verdict.YES
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.NO


def _rows(type_token: str) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    if type_token in OPAQUE_COMPONENTS:
        return None, ()
    if type_token in AWS:
        return (*AWS[type_token], "region"), DEPENDS.get(type_token, ())
    if type_token == RELEASE:
        return ("name", "namespace"), ()
    if type_token.startswith("kubernetes:"):
        own = KUBERNETES.get(type_token, ())
        return (*_METADATA, *own), KUBERNETES_UNLESS_MUTABLE.get(type_token, ())
    return None, ()


def _touches(path: str, rows: tuple[str, ...]) -> bool:
    """True when the path is in a row, inside one, or is a whole that holds one."""
    plain = _INDEX.sub("", path.partition("#")[0])
    return any(
        plain == row or plain.startswith((f"{row}.", f'{row}["')) or row.startswith(f"{plain}.")
        for row in rows
    )
