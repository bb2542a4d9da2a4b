"""One example of every row of the aws table: what a program says, and a change that is made in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.agentic.sandbox.providers.aws.scene import ACCOUNT, REGION, Scene, document, trust

Words = Mapping[str, Any]
_POLICIES = "arn:aws:iam::aws:policy"


@dataclass(frozen=True)
class Example:
    """Inputs of a new thing, and what a second program says differently; nothing where a change must replace."""

    says: Callable[[Scene], Words]
    then: Callable[[Scene], Words] = lambda _: {}


def _plain(says: Words, then: Words | None = None) -> Example:
    return Example(lambda _: says, lambda _: then or {})


TAGGED: Words = {"tags": {"Name": "example", "team": "a"}}
RETAGGED: Words = {"tags": {"Name": "example", "stage": "b"}}

_LAUNCH: Words = {
    "imageId": "ami-12345678",
    "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
    "blockDeviceMappings": [
        {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 50, "encrypted": "true", "volumeType": "gp3"}}
    ],
    "tagSpecifications": [{"resourceType": "instance", "tags": {"Name": "node"}}],
}
_RULE: Words = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}
_RULE_TOO: Words = {"protocol": "tcp", "fromPort": 80, "toPort": 81, "cidrBlocks": ["10.0.0.0/8"]}

NETWORK: Mapping[str, Example] = {
    "aws:ec2/vpc:Vpc": _plain(
        {"cidrBlock": "10.200.0.0/16", "enableDnsHostnames": True, **TAGGED},
        {"enableDnsHostnames": False, "enableDnsSupport": True, **RETAGGED},
    ),
    "aws:ec2/subnet:Subnet": Example(
        lambda s: {
            "vpcId": s.vpc,
            "cidrBlock": "10.0.100.0/24",
            "availabilityZone": f"{REGION}a",
            "mapPublicIpOnLaunch": True,
            **TAGGED,
        },
        lambda _: {"mapPublicIpOnLaunch": False, **RETAGGED},
    ),
    "aws:ec2/internetGateway:InternetGateway": Example(
        lambda s: {"vpcId": s.new_vpc("gateway-before"), **TAGGED},
        lambda s: {"vpcId": s.new_vpc("gateway-after"), **RETAGGED},
    ),
    "aws:ec2/eip:Eip": _plain({"domain": "vpc", **TAGGED}, RETAGGED),
    "aws:ec2/natGateway:NatGateway": Example(
        lambda s: {
            "subnetId": s.subnets[0],
            "allocationId": s.make("aws:ec2/eip:Eip", "nat", domain="vpc"),
            **TAGGED,
        },
        lambda _: RETAGGED,
    ),
    "aws:ec2/routeTable:RouteTable": Example(lambda s: {"vpcId": s.vpc, **TAGGED}, lambda _: RETAGGED),
    "aws:ec2/route:Route": Example(
        lambda s: {
            "routeTableId": s.tables[0],
            "destinationCidrBlock": "0.0.0.0/0",
            "gatewayId": s.gateway,
        },
        lambda s: {
            "gatewayId": None,
            "natGatewayId": s.make(
                "aws:ec2/natGateway:NatGateway",
                "route",
                subnetId=s.subnets[0],
                allocationId=s.make("aws:ec2/eip:Eip", "route", domain="vpc"),
            ),
        },
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Example(
        lambda s: {"subnetId": s.subnets[0], "routeTableId": s.tables[0]},
        lambda s: {"routeTableId": s.tables[1]},
    ),
    "aws:ec2/securityGroup:SecurityGroup": Example(
        lambda s: {"vpcId": s.vpc, "ingress": [_RULE], "description": "example", **TAGGED},
        lambda _: {"ingress": [_RULE, _RULE_TOO], **RETAGGED},
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Example(
        lambda s: {"vpcId": s.new_vpc("default-group"), "ingress": [], "egress": [], **TAGGED},
        lambda _: {"ingress": [_RULE], **RETAGGED},
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Example(
        lambda s: {
            "securityGroupId": s.groups[0],
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
            "cidrIpv4": "10.0.0.0/8",
            **TAGGED,
        },
        lambda _: {"toPort": 444, "description": "wider", **RETAGGED},
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Example(
        lambda s: {
            "securityGroupId": s.groups[0],
            "ipProtocol": "-1",
            "cidrIpv4": "0.0.0.0/0",
            **TAGGED,
        },
        lambda _: {"cidrIpv4": "10.0.0.0/8", **RETAGGED},
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Example(
        lambda s: {
            "securityGroupId": s.groups[1],
            "type": "ingress",
            "protocol": "tcp",
            "fromPort": 1025,
            "toPort": 65535,
            "sourceSecurityGroupId": s.groups[0],
        }
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Example(
        lambda s: {
            "vpcId": s.vpc,
            "serviceName": f"com.amazonaws.{REGION}.ecr.api",
            "vpcEndpointType": "Interface",
            "subnetIds": s.subnets,
            "securityGroupIds": [s.groups[0]],
            "privateDnsEnabled": True,
            **TAGGED,
        },
        lambda s: {"subnetIds": s.subnets[:1], "securityGroupIds": [s.groups[1]], **RETAGGED},
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": Example(
        lambda s: {"vpcEndpointId": s.s3_endpoint, "routeTableId": s.tables[0]}
    ),
    "aws:ec2/flowLog:FlowLog": Example(
        lambda s: {
            "vpcId": s.vpc,
            "trafficType": "ALL",
            "logDestination": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{s.log_group}",
            "iamRoleArn": s.role_arns[0],
            "maxAggregationInterval": 60,
            **TAGGED,
        },
        lambda _: RETAGGED,
    ),
    "aws:ec2/tag:Tag": Example(
        lambda s: {"resourceId": s.subnets[0], "key": "kubernetes.io/role/elb", "value": "1"},
        lambda _: {"value": "2"},
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": _plain(
        {**_LAUNCH, "description": "first", "updateDefaultVersion": True, **TAGGED},
        {"imageId": "ami-87654321", **RETAGGED},
    ),
}

IAM: Mapping[str, Example] = {
    "aws:iam/role:Role": _plain(
        {
            "assumeRolePolicy": trust("ec2.amazonaws.com"),
            "description": "first",
            "managedPolicyArns": [f"{_POLICIES}/AmazonEKSClusterPolicy"],
            "inlinePolicies": [{"name": "more", "policy": document(Action="s3:GetObject", Resource="*")}],
            **TAGGED,
        },
        {
            "assumeRolePolicy": trust("pods.eks.amazonaws.com"),
            "description": "second",
            "maxSessionDuration": 7200,
            "managedPolicyArns": [f"{_POLICIES}/AmazonEKSWorkerNodePolicy"],
            **RETAGGED,
        },
    ),
    "aws:iam/rolePolicy:RolePolicy": Example(
        lambda s: {"role": s.roles[1], "policy": document(Resource="*", Action=["sqs:SendMessage"])},
        lambda _: {"policy": document(Resource="*", Action=["sqs:ReceiveMessage"])},
    ),
    "aws:iam/policy:Policy": _plain(
        {"policy": document(Resource="*", Action=["ec2:RunInstances"]), "description": "nodes", **TAGGED},
        {"policy": document(Resource="*", Action=["ec2:CreateFleet"]), **RETAGGED},
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Example(
        lambda s: {"role": s.roles[1], "policyArn": f"{_POLICIES}/AmazonEKSClusterPolicy"}
    ),
    "aws:iam/instanceProfile:InstanceProfile": Example(
        lambda s: {"role": s.roles[0], **TAGGED}, lambda s: {"role": s.roles[1], **RETAGGED}
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _plain(
        {
            "url": "https://oidc.eks.us-east-1.amazonaws.com/id/ABC",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
            **TAGGED,
        },
        {"thumbprintLists": ["06b25927c42a721631c1efd9431e648fa62e1e39"], **RETAGGED},
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": _plain({"awsServiceName": "spot.amazonaws.com"}),
}

SERVICES: Mapping[str, Example] = {
    "aws:kms/key:Key": _plain(
        {"description": "first", "enableKeyRotation": True, "deletionWindowInDays": 7, **TAGGED},
        {
            "description": "second",
            "enableKeyRotation": False,
            "policy": document(
                Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="kms:*", Resource="*"
            ),
            **RETAGGED,
        },
    ),
    "aws:kms/alias:Alias": Example(
        lambda s: {"name": "alias/example", "targetKeyId": s.keys[0]},
        lambda s: {"targetKeyId": s.keys[1]},
    ),
    "aws:cloudwatch/logGroup:LogGroup": _plain(
        {"name": "/example/log", "retentionInDays": 30, **TAGGED}, {"retentionInDays": 90, **RETAGGED}
    ),
    "aws:cloudwatch/eventRule:EventRule": _plain(
        {"eventPattern": '{"source": ["aws.ec2"], "detail-type": ["EC2 Spot"]}', **TAGGED},
        {"eventPattern": '{"source": ["aws.health"]}', "description": "health", **RETAGGED},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Example(
        lambda s: {
            "rule": s.rule,
            "targetId": "queue",
            "arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:shared",
        },
        lambda _: {"input": '{"a": 1}'},
    ),
    "aws:sqs/queue:Queue": _plain(
        {"messageRetentionSeconds": 300, "sqsManagedSseEnabled": True, **TAGGED},
        {"messageRetentionSeconds": 600, "visibilityTimeoutSeconds": 10, **RETAGGED},
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Example(
        lambda s: {
            "queueUrl": s.queue,
            "policy": document(Principal="*", Action="sqs:SendMessage", Resource="*"),
        },
        lambda _: {"policy": document(Principal="*", Action="sqs:ReceiveMessage", Resource="*")},
    ),
    "aws:secretsmanager/secret:Secret": _plain(
        {"description": "first", "recoveryWindowInDays": 7, **TAGGED}, {"description": "second", **RETAGGED}
    ),
    "aws:s3/bucket:Bucket": _plain({"bucket": "example-bucket", "forceDestroy": True, **TAGGED}, RETAGGED),
    "aws:s3/bucketVersioning:BucketVersioning": Example(
        lambda s: {"bucket": s.bucket, "versioningConfiguration": {"status": "Enabled"}},
        lambda _: {"versioningConfiguration": {"status": "Suspended"}},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Example(
        lambda s: {"bucket": s.bucket, "blockPublicAcls": True, "blockPublicPolicy": True},
        lambda _: {"ignorePublicAcls": True, "restrictPublicBuckets": True},
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Example(
        lambda s: {
            "bucket": s.bucket,
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        },
        lambda s: {
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": "aws:kms",
                        "kmsMasterKeyId": s.keys[0],
                    },
                    "bucketKeyEnabled": True,
                }
            ]
        },
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Example(
        lambda s: {"bucket": s.bucket, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        lambda _: {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Example(
        lambda s: {
            "bucket": s.bucket,
            "rules": [
                {
                    "id": "old",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrentVersionExpiration": {"noncurrentDays": 30},
                }
            ],
        },
        lambda _: {
            "rules": [
                {
                    "id": "old",
                    "status": "Enabled",
                    "filter": {"prefix": "logs/"},
                    "expiration": {"days": 90},
                }
            ]
        },
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Example(
        lambda s: {
            "bucket": s.bucket,
            "policy": document(Principal="*", Action="s3:GetObject", Resource=f"arn:aws:s3:::{s.bucket}/*"),
        },
        lambda s: {
            "policy": document(Principal="*", Action="s3:PutObject", Resource=f"arn:aws:s3:::{s.bucket}/*")
        },
    ),
}

_LABELS: Words = {"nvidia.com/gpu.present": "true", "NodeClass": "gpu"}
EKS: Mapping[str, Example] = {
    "aws:eks/cluster:Cluster": Example(
        lambda s: {
            "roleArn": s.role_arns[0],
            "version": "1.34",
            "vpcConfig": {
                "subnetIds": s.subnets,
                "endpointPrivateAccess": True,
                "endpointPublicAccess": True,
                "publicAccessCidrs": ["203.0.113.0/24"],
            },
            "accessConfig": {"authenticationMode": "API"},
            "enabledClusterLogTypes": ["audit", "api"],
            "upgradePolicy": {"supportType": "STANDARD"},
            "deletionProtection": False,
            **TAGGED,
        },
        lambda s: {
            "version": "1.35",
            "vpcConfig": {
                "subnetIds": s.subnets,
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
            },
            "enabledClusterLogTypes": ["audit"],
            "upgradePolicy": {"supportType": "EXTENDED"},
            "encryptionConfig": {
                "resources": ["secrets"],
                "provider": {"keyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{s.keys[0]}"},
            },
            **RETAGGED,
        },
    ),
    "aws:eks/nodeGroup:NodeGroup": Example(
        lambda s: {
            "clusterName": s.cluster,
            "nodeRoleArn": s.role_arns[1],
            "subnetIds": s.subnets,
            "instanceTypes": ["m7i.large"],
            "scalingConfig": {"minSize": 2, "maxSize": 3, "desiredSize": 2},
            "updateConfig": {"maxUnavailable": 1},
            "labels": _LABELS,
            "taints": [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NO_SCHEDULE"}],
            **TAGGED,
        },
        lambda _: {
            "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 3},
            "updateConfig": {"maxUnavailable": 2},
            "labels": {"role": "system"},
            "taints": [{"key": "other", "effect": "NO_EXECUTE"}],
            **RETAGGED,
        },
    ),
    "aws:eks/addon:Addon": Example(
        lambda s: {
            "clusterName": s.cluster,
            "addonName": "coredns",
            "configurationValues": '{"replicaCount": 2, "computeType": "ec2"}',
            "resolveConflictsOnUpdate": "PRESERVE",
            **TAGGED,
        },
        lambda _: {
            "addonVersion": "v1.12.0-eksbuild.1",
            "configurationValues": '{"replicaCount": 3}',
            **RETAGGED,
        },
    ),
    "aws:eks/accessEntry:AccessEntry": Example(
        lambda s: {
            "clusterName": s.cluster,
            "principalArn": f"arn:aws:iam::{ACCOUNT}:role/deployer",
            "kubernetesGroups": ["deployers"],
            **TAGGED,
        },
        lambda _: {"kubernetesGroups": ["deployers", "viewers"], "userName": "deployer", **RETAGGED},
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Example(
        lambda s: {
            "clusterName": s.cluster,
            "principalArn": s.entry,
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            "accessScope": {"type": "namespace", "namespaces": ["default"]},
        }
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Example(
        lambda s: {
            "clusterName": s.cluster,
            "namespace": "kube-system",
            "serviceAccount": "karpenter",
            "roleArn": s.role_arns[0],
            **TAGGED,
        },
        lambda s: {"roleArn": s.role_arns[1], **RETAGGED},
    ),
}

_DAILY: Words = {
    "ruleName": "daily",
    "targetVaultName": "example",
    "schedule": "cron(0 3 * * ? *)",
    "startWindow": 60.0,
    "completionWindow": 480,
    "lifecycle": {"deleteAfter": 30},
}
BACKUP: Mapping[str, Example] = {
    "aws:backup/vault:Vault": _plain(
        {
            "name": "example",
            "kmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555",
            "forceDestroy": True,
            **TAGGED,
        },
        {"forceDestroy": False, **RETAGGED},
    ),
    "aws:backup/plan:Plan": _plain(
        {"name": "example", "rules": [_DAILY], **TAGGED},
        {
            "rules": [
                {
                    **_DAILY,
                    "lifecycle": {"deleteAfter": 7},
                    "copyActions": [
                        {
                            "destinationVaultArn": f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-vault:far",
                            "lifecycle": {"deleteAfter": 90},
                        }
                    ],
                }
            ],
            **RETAGGED,
        },
    ),
    "aws:backup/selection:Selection": Example(
        lambda s: {
            "name": "example",
            "planId": s.backup_plan,
            "iamRoleArn": s.role_arns[0],
            "resources": [f"arn:aws:rds:{REGION}:{ACCOUNT}:db:*"],
            "conditions": [
                {"stringEquals": [{"key": "aws:ResourceTag/agentic.dev/cluster", "value": "ai-dev"}]}
            ],
            "selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "yes"}],
        }
    ),
}

_USER: Words = {
    "userId": "example",
    "userName": "example",
    "engine": "valkey",
    "accessString": "on ~* &* +@all -@admin",
    "authenticationMode": {"type": "iam"},
    **TAGGED,
}
DATABASES: Mapping[str, Example] = {
    "aws:rds/subnetGroup:SubnetGroup": Example(
        lambda s: {"name": "example", "description": "example", "subnetIds": s.subnets, **TAGGED},
        lambda s: {"subnetIds": [*s.subnets, s.third_subnet], "description": "wider", **RETAGGED},
    ),
    "aws:rds/parameterGroup:ParameterGroup": _plain(
        {
            "name": "example",
            "family": "postgres17",
            "description": "example",
            "parameters": [{"name": "rds.force_ssl", "value": "1"}],
            **TAGGED,
        },
        {
            "parameters": [
                {"name": "rds.force_ssl", "value": "1"},
                {"name": "log_min_duration_statement", "value": "500"},
            ],
            **RETAGGED,
        },
    ),
    "aws:rds/instance:Instance": Example(
        lambda s: {
            "identifier": "example",
            "engine": "postgres",
            "engineVersion": "17",
            "instanceClass": "db.t4g.medium",
            "allocatedStorage": 20,
            "maxAllocatedStorage": 100,
            "storageType": "gp3",
            "storageEncrypted": True,
            "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{s.keys[0]}",
            "dbSubnetGroupName": s.db_subnets,
            "vpcSecurityGroupIds": [s.groups[0]],
            "publiclyAccessible": False,
            "port": 5432,
            "username": "platform",
            "manageMasterUserPassword": True,
            "iamDatabaseAuthenticationEnabled": True,
            "backupRetentionPeriod": 7,
            "copyTagsToSnapshot": True,
            "enabledCloudwatchLogsExports": ["postgresql"],
            "parameterGroupName": s.db_parameters,
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "autoMinorVersionUpgrade": True,
            "multiAz": False,
            "performanceInsightsEnabled": True,
            "performanceInsightsKmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{s.keys[0]}",
            "performanceInsightsRetentionPeriod": 7,
            "deletionProtection": False,
            "deleteAutomatedBackups": True,
            "skipFinalSnapshot": True,
            **TAGGED,
        },
        lambda s: {
            "instanceClass": "db.m7g.large",
            "multiAz": True,
            "backupRetentionPeriod": 14,
            "maxAllocatedStorage": 200,
            "vpcSecurityGroupIds": [s.groups[1]],
            "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
            **RETAGGED,
        },
    ),
    "aws:elasticache/user:User": _plain(
        _USER,
        {
            "accessString": "on ~a:* &a:* +@all -@admin",
            "authenticationMode": {"type": "password", "passwords": ["Sixteen0Letters0"]},
            **RETAGGED,
        },
    ),
    "aws:elasticache/userGroup:UserGroup": Example(
        lambda s: {
            "userGroupId": "example",
            "engine": "valkey",
            "userIds": [s.cache_users[0]],
            **TAGGED,
        },
        lambda s: {"userIds": [s.cache_users[1]], **RETAGGED},
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": Example(
        lambda s: {"name": "example", "description": "example", "subnetIds": s.subnets, **TAGGED},
        lambda s: {"subnetIds": s.subnets[:1], "description": "narrower", **RETAGGED},
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": _plain(
        {
            "name": "example",
            "family": "valkey8",
            "description": "example",
            "parameters": [{"name": "maxmemory-policy", "value": "noeviction"}],
            **TAGGED,
        },
        {"parameters": [{"name": "timeout", "value": "300"}], **RETAGGED},
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": Example(
        lambda s: {
            "replicationGroupId": "example",
            "description": "example",
            "engine": "valkey",
            "engineVersion": "8.0",
            "nodeType": "cache.t4g.small",
            "numCacheClusters": 2,
            "automaticFailoverEnabled": True,
            "multiAzEnabled": True,
            "parameterGroupName": s.cache_parameters,
            "subnetGroupName": s.cache_subnets,
            "securityGroupIds": [s.groups[0]],
            "port": 6379,
            "transitEncryptionEnabled": True,
            "transitEncryptionMode": "required",
            "atRestEncryptionEnabled": True,
            "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{s.keys[0]}",
            "userGroupIds": [s.cache_user_groups[0]],
            "snapshotRetentionLimit": 7,
            "snapshotWindow": "03:00-04:00",
            **TAGGED,
        },
        lambda s: {
            "numCacheClusters": 3,
            "nodeType": "cache.m7g.large",
            "engineVersion": "8.1",
            "snapshotRetentionLimit": 14,
            "userGroupIds": [s.cache_user_groups[1]],
            "securityGroupIds": [s.groups[1]],
            **RETAGGED,
        },
    ),
}

_METRICS: Words = {"cloudwatchMetricsEnabled": True, "metricName": "example", "sampledRequestsEnabled": False}
_RATE: Words = {
    "name": "rate",
    "priority": 0,
    "action": {"block": {}},
    "statement": {"rateBasedStatement": {"limit": 1000, "aggregateKeyType": "IP"}},
    "visibilityConfig": _METRICS,
}
_MANAGED: Words = {
    "name": "managed",
    "priority": 1,
    "overrideAction": {"none": {}},
    "statement": {
        "managedRuleGroupStatement": {
            "vendorName": "AWS",
            "name": "AWSManagedRulesCommonRuleSet",
            "ruleActionOverrides": [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}],
        }
    },
    "visibilityConfig": _METRICS,
}
_ORIGIN: Words = {
    "originId": "gateway",
    "domainName": "origin.example.com",
    "customOriginConfig": {
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": ["TLSv1.2"],
        "originReadTimeout": 60,
        "originKeepaliveTimeout": 60,
    },
}
EDGE: Mapping[str, Example] = {
    "aws:cognito/userPool:UserPool": _plain(
        {
            "name": "example",
            "userPoolTier": "ESSENTIALS",
            "deletionProtection": "INACTIVE",
            "usernameAttributes": ["email"],
            "autoVerifiedAttributes": ["email"],
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
            "mfaConfiguration": "ON",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "passwordPolicy": {"minimumLength": 14, "requireSymbols": False},
            "accountRecoverySetting": {"recoveryMechanisms": [{"name": "verified_email", "priority": 1}]},
            **TAGGED,
        },
        {
            "userPoolTier": "PLUS",
            "mfaConfiguration": "OPTIONAL",
            "passwordPolicy": {"minimumLength": 16, "requireSymbols": True},
            "softwareTokenMfaConfiguration": {"enabled": False},
            **RETAGGED,
        },
    ),
    "aws:cognito/resourceServer:ResourceServer": Example(
        lambda s: {
            "userPoolId": s.user_pool,
            "identifier": "gateway",
            "name": "gateway",
            "scopes": [{"scopeName": "invoke", "scopeDescription": "Ask"}],
        },
        lambda _: {
            "name": "models",
            "scopes": [
                {"scopeName": "invoke", "scopeDescription": "Ask"},
                {"scopeName": "list", "scopeDescription": "Look"},
            ],
        },
    ),
    "aws:cognito/userGroup:UserGroup": Example(
        lambda s: {"userPoolId": s.user_pool, "name": "tenant-a", "description": "Users of the tenant"},
        lambda _: {"description": "Users of tenant-a"},
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": Example(
        lambda s: {"userPoolId": s.user_pool, "domain": "example-domain"}
    ),
    "aws:cognito/userPoolClient:UserPoolClient": Example(
        lambda s: {
            "userPoolId": s.user_pool,
            "name": "example",
            "generateSecret": False,
            "allowedOauthFlows": ["code"],
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthScopes": ["openid"],
            "callbackUrls": ["http://localhost:8400/callback"],
            "supportedIdentityProviders": ["COGNITO"],
            "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "accessTokenValidity": 60,
            "tokenValidityUnits": {"accessToken": "minutes"},
        },
        lambda _: {
            "accessTokenValidity": 30,
            "allowedOauthScopes": ["openid", "email"],
            "callbackUrls": ["https://app.example.com/callback"],
        },
    ),
    "aws:wafv2/webAcl:WebAcl": _plain(
        {
            "scope": "CLOUDFRONT",
            "name": "example",
            "defaultAction": {"allow": {}},
            "rules": [_RATE],
            "visibilityConfig": _METRICS,
            **TAGGED,
        },
        {"rules": [_RATE, _MANAGED], "defaultAction": {"block": {}}, **RETAGGED},
    ),
    "aws:cloudfront/distribution:Distribution": _plain(
        {
            "enabled": True,
            "comment": "example",
            "aliases": ["ai.example.com"],
            "httpVersion": "http2and3",
            "isIpv6Enabled": True,
            "priceClass": "PriceClass_100",
            "origins": [_ORIGIN],
            "defaultCacheBehavior": {
                "targetOriginId": "gateway",
                "viewerProtocolPolicy": "redirect-to-https",
                "allowedMethods": ["GET", "HEAD"],
                "cachedMethods": ["GET", "HEAD"],
                "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                "compress": False,
            },
            "restrictions": {"geoRestriction": {"restrictionType": "none"}},
            "viewerCertificate": {
                "acmCertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/example",
                "minimumProtocolVersion": "TLSv1.2_2021",
                "sslSupportMethod": "sni-only",
            },
            **TAGGED,
        },
        {"comment": "changed", "priceClass": "PriceClass_200", "aliases": ["other.example.com"], **RETAGGED},
    ),
}

EXAMPLES: Mapping[str, Example] = {
    **NETWORK,
    **IAM,
    **SERVICES,
    **EKS,
    **BACKUP,
    **DATABASES,
    **EDGE,
}
