"""A tenant's database: its own role, its own job, its own way to the password."""

from __future__ import annotations

import json

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.identity import document
from components.postgres.pods import pods
from components.postgres.spec import PostgresSpec, credentials, tenant_user
from components.postgres.tenants import TenantDatabases, TenantDatabasesArgs
from components.secrets.spec import NAME_LIMIT

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
JOB = "kubernetes:batch/v1:Job"
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"
TRUST = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "x"}})


def captured(capture: Capture, *tenants: str) -> Plan:
    def program() -> None:
        homes = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name
            for name in ("ai-data", *tenants)
        }
        master = k8s.core.v1.ConfigMap("master", metadata={"name": "master", "namespace": "ai-data"})
        TenantDatabases(
            "tenant-databases",
            TenantDatabasesArgs(
                place=PLACE,
                spec=PostgresSpec(),
                tenants={tenant: homes[tenant] for tenant in tenants},
                namespace=homes["ai-data"],
                host="db.example.com",
                reader_trust=TRUST,
                after=(master,),
            ),
        )

    return capture(program)


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return captured(capture, "tenant-a", "tenant-b")


def test_each_tenant_has_a_job_that_knows_its_password_only(plan: Plan) -> None:
    jobs = {one.inputs["metadata"]["name"]: one for one in plan.all(JOB)}
    assert set(jobs) == {"postgres-bootstrap-tenant-a", "postgres-bootstrap-tenant-b"}
    spec = jobs["postgres-bootstrap-tenant-a"].inputs["spec"]["template"]["spec"]
    volumes = {one["name"]: one for one in spec["volumes"]}
    assert volumes["passwords"]["secret"]["secretName"] == "postgres-passwords-tenant-a"
    assert volumes["script"]["configMap"]["name"] == "postgres-bootstrap-tenant-a"
    assert spec["serviceAccountName"] == "postgres-bootstrap"
    (told,) = [
        one for one in plan.all(SECRET) if one.inputs["metadata"]["name"] == "postgres-passwords-tenant-a"
    ]
    assert [one["secretKey"] for one in told.inputs["spec"]["data"]] == ["kagent-tenant-a"]
    script = plan.one("kubernetes:core/v1:ConfigMap", "tenant-a-database").inputs["data"]
    assert script["users"] == "kagent-tenant-a vector\n"


def test_a_tenant_is_told_by_a_store_of_its_own_and_never_by_the_platforms(plan: Plan) -> None:
    (told,) = [one for one in plan.all(SECRET) if one.inputs["metadata"]["namespace"] == "tenant-a"]
    spec = told.inputs["spec"]
    assert told.inputs["metadata"]["name"] == "kagent-db"
    assert spec["secretStoreRef"] == {"kind": "SecretStore", "name": "kagent-db"}
    assert spec["target"]["template"]["data"]["url"] == (
        "postgresql://kagent-tenant-a:{{ .password }}@db.example.com:5432/kagent-tenant-a?sslmode=require"
    )
    (store,) = [one for one in plan.all(STORE) if one.inputs["metadata"]["namespace"] == "tenant-a"]
    assert store.inputs["spec"]["provider"]["aws"]["role"] == (
        "arn:aws:iam::111122223333:role/ai-dev-tenant-tenant-a.kagent-db"
    )


def test_the_role_reads_one_password(plan: Plan) -> None:
    grant = plan.one("aws:iam/rolePolicy:RolePolicy", "tenant-a-kagent-db")
    (statement,) = json.loads(grant.inputs["policy"])["Statement"]
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == (
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-dev/postgres-kagent-tenant-a-??????"
    )


def test_the_secret_comes_when_the_database_is_there_and_the_role_may_be_taken(plan: Plan) -> None:
    told = plan.one(SECRET, "tenant-a-database-secret")
    store = plan.one(STORE, "tenant-a-database-store")
    assert store.urn in told.dependencies
    assert plan.one(JOB, "tenant-a-database").urn in store.dependencies
    assert plan.one("aws:iam/rolePolicy:RolePolicy", "tenant-a-kagent-db").urn in store.dependencies


def test_a_tenant_more_changes_nothing_of_another(plan: Plan, capture: Capture) -> None:
    three = {one.urn: one.inputs for one in captured(capture, "tenant-a", "tenant-b", "tenant-c")}
    for one in plan:
        assert three[one.urn] == one.inputs, one.urn


def test_the_jobs_pods_are_declared_where_they_run_which_is_no_tenants_namespace() -> None:
    assert [(pod.namespace, pod.name) for pod in pods(["tenant-a"])] == [
        ("ai-data", "postgres-bootstrap"),
        ("ai-data", "postgres-bootstrap-tenant-a"),
    ]


def test_passwords_of_tenants_with_long_names_stay_apart() -> None:
    names = [one.name for one in credentials([tenant_user("t" * 36 + end).name for end in "ab"])]
    assert len(set(names)) == 2
    assert max(map(len, names)) <= NAME_LIMIT
