from __future__ import annotations

import json
from pathlib import Path

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.cache.spec import USERS, CacheEndpoint, credential_name, credentials, tenant_user
from components.cache.tenants import TenantCaches, TenantCachesArgs
from components.core.aws import Place
from components.core.identity import document
from components.core.names import tenant_role_arn_pattern
from components.relay.hook import batch
from components.secrets.spec import NAME_LIMIT

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
ROLE = "aws:iam/role:Role"
READER = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"


def captured(capture: Capture, *tenants: str) -> Plan:
    def program() -> None:
        namespaces = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name for name in tenants
        }
        TenantCaches(
            "tenant-caches",
            TenantCachesArgs(
                place=PLACE,
                namespaces=namespaces,
                endpoint=CacheEndpoint(host="valkey.ai-data.svc", port=6379),
                reader_trust=document({"Effect": "Allow"}),
                after=(),
            ),
        )

    return capture(program)


def test_a_tenant_sees_the_keys_that_begin_with_its_name() -> None:
    assert tenant_user("tenant-a").access.startswith("~tenants:tenant-a:* &tenants:tenant-a:* ")


@pytest.mark.parametrize(
    "name",
    [
        *(user.prefix.rstrip(":") for user in USERS if user.prefix),
        batch.QUEUE.partition(":")[0],
        "ai",
        "bull",
    ],
)
def test_a_tenant_called_like_keys_of_the_platform_opens_none_of_them(name: str) -> None:
    assert not f"{name}:something".startswith(tenant_user(name).prefix)
    assert not any(user.prefix and tenant_user(name).prefix.startswith(user.prefix) for user in USERS)


def test_one_tenants_name_that_begins_anothers_opens_none_of_its_keys() -> None:
    prefix = tenant_user("team").prefix
    assert not tenant_user("team-b").prefix.startswith(prefix)


def test_a_tenant_reads_its_own_password_by_its_own_role_and_no_other(capture: Capture) -> None:
    plan = captured(capture, "tenant-a")
    (statement,) = json.loads(plan.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    assert statement["Resource"] == (
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-dev/cache-tenant-tenant-a-??????"
    )
    assert plan.one(STORE).inputs["spec"]["provider"]["aws"]["role"].endswith(plan.one(ROLE).inputs["name"])
    reader = plan.one(READER).inputs
    assert reader["metadata"]["namespace"] == "tenant-a"
    assert reader["spec"]["secretStoreRef"] == {"kind": "SecretStore", "name": "cache"}


def test_the_operator_may_take_the_role_and_no_tenant_can_be_called_like_it(capture: Capture) -> None:
    name = captured(capture, "tenant-a").one(ROLE).inputs["name"]
    assert tenant_role_arn_pattern(PLACE).endswith("role/ai-dev-tenant-*")
    assert name == "ai-dev-tenant-tenant-a.cache"


def test_a_tenant_more_leaves_every_resource_of_the_first_as_it_was(capture: Capture) -> None:
    one, two = captured(capture, "tenant-a"), captured(capture, "tenant-a", "tenant-b")
    assert {resource.urn for resource in one} < {resource.urn for resource in two}
    for resource in one:
        assert resource.inputs == two.by_urn(resource.urn).inputs


def test_objects_are_what_their_kinds_accept(capture: Capture, reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    plan = captured(capture, "tenant-a")
    for one in (plan.one(STORE), plan.one(READER)):
        assert schemas.faults(dict(one.inputs)) == [], one.name


def test_the_longest_tenants_password_has_a_name_of_its_own() -> None:
    names = {credential_name(f"tenant-{'t' * 62}{last}") for last in "ab"}
    assert len(names) == 2
    assert {len(name) for name in names} == {NAME_LIMIT}
    assert len(credentials([tenant_user("tenant-a").name])) == 1
