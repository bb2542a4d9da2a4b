from __future__ import annotations

import json

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.identity import document
from components.core.names import tenant_role_arn_pattern
from components.core.tenant_reader import TenantReader, credential_arn, read_by_tenant, reads

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
ROLE, GRANT = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"


def reader(**more: object) -> TenantReader:
    fields: dict[str, object] = {
        "tenant": "acme",
        "part": "shop",
        "what": "shop password",
        "policy": "read-shop-password",
        "allows": reads(credential_arn(PLACE, "shop-acme")),
        "store": "shop",
        "store_resource": "acme-shop-store",
        "secrets": {
            "acme-shop-login": {
                "target": {"name": "login"},
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": "the-platforms"},
            }
        },
        "labels": {"a": "b"},
        **more,
    }
    return TenantReader(**fields)  # pyright: ignore[reportArgumentType] - the fields' own types


def captured(capture: Capture, one: TenantReader) -> Plan:
    def program() -> None:
        parent = ComponentResource("test:test:Test", "acme")
        operator = k8s.core.v1.ConfigMap("operator", opts=ResourceOptions(parent=parent))
        read_by_tenant(
            PLACE, one, namespace="acme", trust=document({"a": 1}), after=(operator,), parent=parent
        )

    return capture(program)


def test_a_role_reads_what_it_is_for_and_its_store_reads_as_that_role(capture: Capture) -> None:
    plan = captured(capture, reader())
    assert json.loads(plan.one(GRANT).inputs["policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "arn:aws:secretsmanager:us-east-1:111122223333:secret:ai-dev/shop-acme-??????",
        }
    ]
    assert plan.one(STORE).inputs["spec"] == {
        "provider": {
            "aws": {
                "service": "SecretsManager",
                "region": "us-east-1",
                "role": "arn:aws:iam::111122223333:role/ai-dev-tenant-acme.shop",
            }
        }
    }


def test_a_secret_is_read_by_the_tenants_store_whatever_its_spec_said(capture: Capture) -> None:
    made = captured(capture, reader()).one(SECRET).inputs
    assert made["metadata"] == {"name": "login", "namespace": "acme", "labels": {"a": "b"}}
    assert made["spec"]["secretStoreRef"] == {"kind": "SecretStore", "name": "shop"}


def test_the_store_comes_after_grant_and_operator_and_goes_after_its_secrets(capture: Capture) -> None:
    plan = captured(capture, reader())
    store = plan.one(STORE)
    assert {plan.one(GRANT).urn, plan.one("kubernetes:core/v1:ConfigMap").urn} <= set(store.needs())
    assert store.urn in plan.one(SECRET).needs()


def test_the_operator_may_take_the_role_and_no_tenant_can_be_called_like_it(capture: Capture) -> None:
    name = captured(capture, reader()).one(ROLE).inputs["name"]
    assert tenant_role_arn_pattern(PLACE).endswith("role/ai-dev-tenant-*")
    assert name == "ai-dev-tenant-acme.shop"
    own = captured(capture, reader(part="", tags={"Tenant": "acme"})).one(ROLE).inputs
    assert (own["name"], own["tags"]) == ("ai-dev-tenant-acme", {"Tenant": "acme"})
