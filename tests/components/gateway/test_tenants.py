from __future__ import annotations

import json
from pathlib import Path

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.core.aws import Place
from components.core.identity import document
from components.gateway.secrets import credentials
from components.gateway.tenants import TenantKeys, TenantKeysArgs

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
READER = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"


def captured(capture: Capture, *tenants: str) -> Plan:
    def program() -> None:
        namespaces = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name for name in tenants
        }
        made = {name: (k8s.core.v1.ConfigMap(f"{name}-made", metadata={"name": name}),) for name in tenants}
        TenantKeys(
            "tenant-keys",
            TenantKeysArgs(
                place=PLACE,
                namespaces=namespaces,
                reader_trust=document({"Effect": "Allow"}),
                keys=made,
                after=(),
            ),
        )

    return capture(program)


def test_a_tenant_has_its_own_key_in_its_namespace_and_the_variables_of_openais_clients(
    capture: Capture,
) -> None:
    made = captured(capture, "tenant-a").one(READER).inputs
    assert made["metadata"]["namespace"] == "tenant-a"
    spec = made["spec"]
    assert spec["target"]["name"] == "gateway-key-tenant-a"
    assert spec["data"] == [
        {
            "secretKey": "api-key",
            "remoteRef": {"key": "ai-dev/gateway-key-tenant-a", "property": "api-key"},
        }
    ]
    template = spec["target"]["template"]
    # Merge, or the key that agents of kagent are told by would be gone.
    assert template["mergePolicy"] == "Merge"
    assert template["data"] == {
        "OPENAI_API_KEY": '{{ index . "api-key" }}',
        "OPENAI_BASE_URL": "http://ai-gateway-internal.ai-gateway.svc:8080/v1",
    }


def test_it_is_the_key_that_is_made_for_this_tenant(capture: Capture) -> None:
    read = captured(capture, "tenant-a").one(READER).inputs["spec"]["data"][0]["remoteRef"]
    (made,) = [one for one in credentials(["tenant-a"]) if one.name.endswith("tenant-a")]
    assert read == {"key": f"ai-dev/{made.name}", "property": made.keys[0].name}


def test_a_tenants_role_reads_its_own_key_and_no_other(capture: Capture) -> None:
    plan = captured(capture, "tenant-a", "tenant-b")
    policies = plan.all("aws:iam/rolePolicy:RolePolicy")
    assert [json.loads(one.inputs["policy"])["Statement"][0]["Resource"] for one in policies] == [
        f"arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-dev/gateway-key-{tenant}-??????"
        for tenant in ("tenant-a", "tenant-b")
    ]


def test_a_tenant_waits_for_its_own_key_and_for_no_other_tenants(capture: Capture) -> None:
    plan = captured(capture, "tenant-a", "tenant-b")
    urn = {one.inputs["metadata"]["name"]: one.urn for one in plan.all("kubernetes:core/v1:ConfigMap")}
    store = plan.one(STORE, "tenant-a-gateway-store")
    assert urn["tenant-a"] in store.needs()
    assert urn["tenant-b"] not in store.needs()


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
