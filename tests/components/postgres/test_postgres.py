from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.core.aws import Place
from components.core.stateful import BackupOwner
from components.postgres.checks import postgres_faults
from components.postgres.pods import pods
from components.postgres.postgres import Postgres, PostgresArgs
from components.postgres.render import MASTER_READS, told
from components.postgres.spec import USERS, DatabaseUser, PostgresSpec, credentials, stateful, users

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
INSTANCE = "aws:rds/instance:Instance"
JOB = "kubernetes:batch/v1:Job"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
CIDRS = ("10.0.0.0/18", "10.0.64.0/18")


def captured(
    capture: Capture,
    users: tuple[DatabaseUser, ...] = USERS,
    *,
    kept: bool = False,
    spec: PostgresSpec | None = None,
) -> Plan:
    def program() -> None:
        names = ("ai-data", "observability", "ai-gateway", "ai-agents")
        namespaces = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name for name in names
        }
        store = k8s.core.v1.ConfigMap("store", metadata={"name": "store", "namespace": "x"})
        Postgres(
            "postgres",
            PostgresArgs(
                place=PLACE,
                spec=spec or PostgresSpec(),
                users=users,
                namespaces=namespaces,
                vpc_id="vpc-1",
                subnet_ids=["subnet-1", "subnet-2"],
                client_cidrs=CIDRS,
                key_arn="arn:aws:kms:eu-west-1:111122223333:key/1",
                secrets_role_name="ai-dev-external-secrets",
                after=(store,),
                protect=kept,
                retain=kept,
            ),
        )

    return capture(program)


def test_the_master_password_is_aws_business_and_nobody_elses(capture: Capture) -> None:
    plan = captured(capture)
    instance = plan.one(INSTANCE).inputs
    assert instance["manageMasterUserPassword"] is True
    assert not {"password", "passwordWo"} & instance.keys()
    assert [one.name for one in plan if one.secrets] == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("storageEncrypted", True),
        ("kmsKeyId", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        ("publiclyAccessible", False),
        ("iamDatabaseAuthenticationEnabled", True),
        ("performanceInsightsEnabled", True),
        ("caCertIdentifier", "rds-ca-rsa2048-g1"),
        ("maxAllocatedStorage", 100),
        ("backupRetentionPeriod", 7),
        ("copyTagsToSnapshot", True),
        ("autoMinorVersionUpgrade", True),
    ],
)
def test_the_instance_is_encrypted_closed_and_backed_up(capture: Capture, setting: str, value: Any) -> None:
    assert captured(capture).one(INSTANCE).inputs[setting] == value


def test_the_server_refuses_whoever_does_not_speak_tls(capture: Capture) -> None:
    group = captured(capture).one("aws:rds/parameterGroup:ParameterGroup").inputs
    assert {"name": "rds.force_ssl", "value": "1"} in group["parameters"]
    assert group["family"] == "postgres17"


def test_only_nodes_and_pods_reach_it_and_it_reaches_nobody(capture: Capture) -> None:
    plan = captured(capture)
    rules = plan.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {rule.inputs["cidrIpv4"] for rule in rules} == set(CIDRS)
    assert {(rule.inputs["fromPort"], rule.inputs["toPort"]) for rule in rules} == {(5432, 5432)}
    assert plan.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []


def test_data_is_kept_where_the_stack_says_so(capture: Capture) -> None:
    for kept in (True, False):
        instance = captured(capture, kept=kept).one(INSTANCE)
        assert bool(instance.options.get("protect")) is kept
        assert bool(instance.options.get("retain_on_delete")) is kept
        assert instance.inputs["deletionProtection"] is kept
        assert instance.inputs["skipFinalSnapshot"] is not kept
        assert instance.inputs["deleteAutomatedBackups"] is not kept
        assert ("finalSnapshotIdentifier" in instance.inputs) is kept


def test_its_log_ends_and_is_there_before_rds_would_make_it(capture: Capture) -> None:
    plan = captured(capture)
    for group in plan.all("aws:cloudwatch/logGroup:LogGroup"):
        assert group.inputs["retentionInDays"] == 30
        assert plan.deleted_before(plan.one(INSTANCE).urn, group.urn)


def test_the_instance_then_its_secret_then_the_job_then_the_users_urls(capture: Capture) -> None:
    plan = captured(capture)
    order = [
        plan.one(EXTERNAL, "postgres-langfuse").urn,
        plan.one(JOB).urn,
        plan.one(EXTERNAL, "postgres-master").urn,
        plan.one("aws:iam/rolePolicy:RolePolicy").urn,
        plan.one(INSTANCE).urn,
    ]
    for first, second in pairwise(order):
        assert plan.deleted_before(first, second), (first, second)


def test_the_operator_may_read_this_instances_secret_and_no_other_of_rds(capture: Capture) -> None:
    policy = captured(capture).one("aws:iam/rolePolicy:RolePolicy").inputs
    assert policy["role"] == "ai-dev-external-secrets"
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert statement["Resource"] == "@{aws:rds/instance:Instance::postgres.masterUserSecrets[0].secretArn}"


def test_langfuse_finds_its_database_where_it_looks_for_it(capture: Capture) -> None:
    reader = captured(capture).one(EXTERNAL, "postgres-langfuse")
    assert reader.inputs["metadata"]["name"] == "langfuse-db"
    assert reader.inputs["metadata"]["namespace"] == "observability"
    assert reader.inputs["spec"]["target"]["template"]["data"]["url"] == (
        "postgresql://langfuse:{{ .password }}@@{aws:rds/instance:Instance::postgres.address}:5432/langfuse"
        "?sslmode=require"
    )


def test_every_reader_is_what_its_kind_accepts(
    capture: Capture, reference_crds: Path, tmp_path: Path
) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    plan = captured(capture)
    readers = [*plan.all(EXTERNAL), plan.one(JOB)]
    assert len(readers) == 6
    for one in readers:
        assert schemas.faults(dict(one.inputs)) == [], one.name


def test_the_masters_password_is_read_again_before_the_week_it_lives_is_felt(capture: Capture) -> None:
    master = captured(capture).one(EXTERNAL, "postgres-master").inputs
    assert master["metadata"]["name"] == MASTER_READS
    assert master["spec"]["refreshInterval"] == "5m0s"


def test_the_job_runs_again_for_a_user_more_or_a_generation_more(capture: Capture) -> None:
    def template(**more: Any) -> Any:
        return captured(capture, **more).one(JOB).inputs["spec"]["template"]["metadata"]["annotations"]

    first = template(users=USERS[:1])
    assert template(users=USERS[:1]) == first
    assert template(users=USERS) != first
    assert template(users=USERS[:1], spec=PostgresSpec(roles_generation=2)) != first


def test_the_jobs_pod_is_the_one_declared_and_passes_restricted(capture: Capture) -> None:
    job = captured(capture).one(JOB).inputs
    (declared,) = pods()
    pod = job["spec"]["template"]
    assert pod["metadata"]["labels"] == dict(declared.labels)
    assert pod["spec"]["serviceAccountName"] == declared.service_account
    (container,) = pod["spec"]["containers"]
    assert container["image"] == declared.images[0].reference
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True


def test_a_database_without_users_has_no_job(capture: Capture) -> None:
    plan = captured(capture, users=())
    assert plan.all(JOB) == []
    assert len(plan.all(EXTERNAL)) == 1


def test_users_are_those_of_parts_that_are_there_each_with_an_own_password() -> None:
    assert [user.name for user in users({"langfuse", "kagent"})] == ["langfuse", "kagent"]
    assert [one.name for one in credentials(["langfuse"])] == ["postgres-langfuse"]
    assert told(PLACE, USERS[0], "h")["target"]["template"]["data"]["url"].startswith(
        "postgresql://langfuse:"
    )


def test_rds_brings_the_instance_back(capture: Capture) -> None:
    (one,) = stateful()
    assert one.owner is BackupOwner.RDS
    assert captured(capture).one(one.type, one.name)


def test_storage_that_could_not_grow_is_refused() -> None:
    with pytest.raises(ValidationError) as said:
        PostgresSpec(storage_gib=100, max_storage_gib=105)
    assert "max_storage_gib 105 is not a tenth above storage_gib 100, which AWS demands; raise it" in str(
        said.value
    )
    assert PostgresSpec(storage_gib=100, max_storage_gib=110)


def test_a_stack_that_needs_a_database_cannot_switch_it_off() -> None:
    (fault,) = postgres_faults(PostgresSpec(enabled=False), parts={"langfuse", "relay"})
    assert str(fault) == (
        "data.postgres.enabled: is off, and langfuse, relay cannot do without a database; switch it on, or "
        "switch off who needs it"
    )
    assert postgres_faults(PostgresSpec(enabled=False), parts={"otel"}) == []


def test_a_database_without_external_secrets_is_refused() -> None:
    (fault,) = postgres_faults(PostgresSpec(), parts={"langfuse"})
    assert str(fault) == (
        "data.postgres: its passwords come through External Secrets, which is off; set "
        "services.external_secrets.enabled: true, or data.postgres.enabled: false"
    )
    assert postgres_faults(PostgresSpec(), parts={"langfuse", "external_secrets"}) == []
