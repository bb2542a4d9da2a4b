"""What the rows' tests stand on: an aws provider before a real moto server, and things for others to be put into."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from agentic.sandbox.providers.aws.kind import RowKind
from agentic.sandbox.providers.aws.provider import AwsProvider
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, FaultSpec
from agentic.sandbox.providers.kinds import Named, Observed
from agentic.sandbox.providers.settings import Settings

ACCOUNT = "123123123123"
REGION = "us-east-1"
DEFAULT_TAGS = {"Owner": "platform", "Environment": "test"}
_OTHER_BLOCKS = itertools.count(1)


def document(**statement: Any) -> str:
    """A policy document whose keys stand in an order that no server keeps."""
    return json.dumps({"Statement": [{"Effect": "Allow", **statement}], "Version": "2012-10-17"}, indent=1)


def trust(service: str) -> str:
    return document(Principal={"Service": service}, Action=["sts:TagSession", "sts:AssumeRole"])


def provider(database: Database, moto: str, **inputs: Any) -> AwsProvider:
    settings = Settings(database.path.parent, moto, FaultSpec(), None)
    made = AwsProvider(settings, database, Faults(FaultSpec(), database))
    made.configure({"region": REGION, **inputs})
    return made


class Scene:
    """Makes things by the rows themselves; what examples share is made once."""

    def __init__(self, aws: AwsProvider) -> None:
        self.aws = aws

    def kind(self, token: str) -> RowKind:
        found = self.aws.kind(token)
        assert isinstance(found, RowKind)
        return found

    @staticmethod
    def named(token: str, name: str) -> Named:
        return Named(f"urn:pulumi:test::project::{token}::{name}", name, b"seed")

    def checked(self, token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        complete, failures = self.kind(token).check(self.named(token, name), {}, dict(inputs))
        assert failures == []
        return complete

    def make(self, token: str, logical: str, /, **inputs: Any) -> str:
        return self.kind(token).create(self.named(token, logical), self.checked(token, logical, inputs))

    def see(self, token: str, identity: str, like: Mapping[str, Any] | None = None) -> Observed:
        found = self.kind(token).read(identity, like)
        assert found is not None, f"{token} {identity} is not there"
        return found

    def drop(self, token: str, identity: str) -> None:
        found = self.kind(token).read(identity, None)
        self.kind(token).delete(identity, found.outputs if found else {})

    def new_vpc(self, name: str) -> str:
        block = f"10.{next(_OTHER_BLOCKS)}.0.0/16"
        return self.make("aws:ec2/vpc:Vpc", name, cidrBlock=block)

    @cached_property
    def vpc(self) -> str:
        return self.make("aws:ec2/vpc:Vpc", "shared", cidrBlock="10.0.0.0/16")

    @cached_property
    def subnets(self) -> list[str]:
        return [
            self.make(
                "aws:ec2/subnet:Subnet",
                f"shared-{zone}",
                vpcId=self.vpc,
                cidrBlock=f"10.0.{index}.0/24",
                availabilityZone=f"{REGION}{zone}",
            )
            for index, zone in enumerate("ab")
        ]

    @cached_property
    def gateway(self) -> str:
        return self.make("aws:ec2/internetGateway:InternetGateway", "shared", vpcId=self.vpc)

    @cached_property
    def tables(self) -> list[str]:
        return [
            self.make("aws:ec2/routeTable:RouteTable", f"shared-{index}", vpcId=self.vpc)
            for index in range(2)
        ]

    @cached_property
    def groups(self) -> list[str]:
        return [
            self.make("aws:ec2/securityGroup:SecurityGroup", f"shared-{index}", vpcId=self.vpc)
            for index in range(2)
        ]

    @cached_property
    def backup_plan(self) -> str:
        rule = {"ruleName": "daily", "targetVaultName": "shared", "schedule": "cron(0 3 * * ? *)"}
        return self.make("aws:backup/plan:Plan", "shared", rules=[rule])

    @cached_property
    def s3_endpoint(self) -> str:
        return self.make(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "shared",
            vpcId=self.vpc,
            serviceName=f"com.amazonaws.{REGION}.s3",
            vpcEndpointType="Gateway",
        )

    @cached_property
    def roles(self) -> list[str]:
        return [
            self.make(
                "aws:iam/role:Role",
                f"shared-{index}",
                name=f"shared-{index}",
                assumeRolePolicy=trust("eks.amazonaws.com"),
            )
            for index in range(2)
        ]

    @property
    def role_arns(self) -> list[str]:
        return [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in self.roles]

    @cached_property
    def keys(self) -> list[str]:
        return [self.make("aws:kms/key:Key", f"shared-{index}", description="shared") for index in range(2)]

    @cached_property
    def queue(self) -> str:
        return self.make("aws:sqs/queue:Queue", "shared", name="shared")

    @cached_property
    def rule(self) -> str:
        return self.make(
            "aws:cloudwatch/eventRule:EventRule",
            "shared",
            name="shared",
            eventPattern='{"source": ["aws.ec2"]}',
        )

    @cached_property
    def log_group(self) -> str:
        return self.make("aws:cloudwatch/logGroup:LogGroup", "shared", name="/shared")

    @cached_property
    def bucket(self) -> str:
        return self.make("aws:s3/bucket:Bucket", "shared", bucket="shared-bucket")

    def new_cluster(self, name: str, **inputs: Any) -> str:
        stated = {
            "name": name,
            "roleArn": self.role_arns[0],
            "version": "1.34",
            "vpcConfig": {"subnetIds": self.subnets},
            "accessConfig": {"authenticationMode": "API"},
        }
        return self.make("aws:eks/cluster:Cluster", name, **{**stated, **inputs})

    @cached_property
    def cluster(self) -> str:
        return self.new_cluster("shared")

    @cached_property
    def entry(self) -> str:
        """The principal of an access entry."""
        principal = f"arn:aws:iam::{ACCOUNT}:role/reader"
        self.make(
            "aws:eks/accessEntry:AccessEntry", "shared", clusterName=self.cluster, principalArn=principal
        )
        return principal

    @cached_property
    def third_subnet(self) -> str:
        return self.make(
            "aws:ec2/subnet:Subnet",
            "shared-c",
            vpcId=self.vpc,
            cidrBlock="10.0.2.0/24",
            availabilityZone=f"{REGION}c",
        )

    @cached_property
    def db_subnets(self) -> str:
        return self.make("aws:rds/subnetGroup:SubnetGroup", "shared", name="shared", subnetIds=self.subnets)

    @cached_property
    def db_parameters(self) -> str:
        return self.make(
            "aws:rds/parameterGroup:ParameterGroup", "shared", name="shared", family="postgres17"
        )

    @cached_property
    def cache_subnets(self) -> str:
        return self.make(
            "aws:elasticache/subnetGroup:SubnetGroup", "shared", name="shared", subnetIds=self.subnets
        )

    @cached_property
    def cache_parameters(self) -> str:
        return self.make(
            "aws:elasticache/parameterGroup:ParameterGroup", "shared", name="shared", family="valkey8"
        )

    @cached_property
    def cache_users(self) -> list[str]:
        return [
            self.make(
                "aws:elasticache/user:User",
                f"shared-{index}",
                userId=f"shared-{index}",
                userName=f"shared-{index}",
                engine="valkey",
                accessString="on ~* +@all",
                authenticationMode={"type": "iam"},
            )
            for index in range(2)
        ]

    @cached_property
    def cache_user_groups(self) -> list[str]:
        return [
            self.make(
                "aws:elasticache/userGroup:UserGroup",
                f"shared-{index}",
                userGroupId=f"shared-{index}",
                engine="valkey",
                userIds=[self.cache_users[0]],
            )
            for index in range(2)
        ]

    @cached_property
    def user_pool(self) -> str:
        return self.make("aws:cognito/userPool:UserPool", "shared", name="shared")
