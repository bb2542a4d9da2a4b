"""Tools of a tenant: in its namespace, on its quota, with what its own role may read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.tools.pods import pods
from components.tools.spec import ToolSpec
from tests.components.agents import scene

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
REMOTE = "kubernetes:kagent.dev/v1alpha2:RemoteMCPServer"
TOKEN = {"secret": "search-api-token", "key": "token"}
TOOLS: dict[str, ToolSpec] = TypeAdapter(dict[str, ToolSpec]).validate_python(
    {
        "maps": {
            "type": "api",
            "description": "Maps of the world.",
            "tenant": "tenant-a",
            "endpoint": "https://maps.example/v1",
            "auth": TOKEN,
        },
        "crm": {
            "type": "api",
            "description": "Customers of the tenant.",
            "tenant": "tenant-a",
            "mcp_url": "http://crm/mcp",
            "offers": ["find"],
            "auth": {**TOKEN, "key": "crm"},
        },
        "notes": {
            "type": "retrieval",
            "description": "Notes of the tenant.",
            "tenant": "tenant-a",
            "collection": "notes",
        },
    }
)


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(lambda: scene.everything(tools={**scene.TOOLS, **TOOLS}))


def named(plan: Plan, kind: str, name: str) -> dict[str, Any]:
    (found,) = [one for one in plan.all(kind) if one.inputs["metadata"]["name"] == name]
    return dict(found.inputs)


def volumes(plan: Plan, tool: str) -> dict[str, str]:
    pod = named(plan, DEPLOYMENT, tool)["spec"]["template"]["spec"]
    return {one["name"]: one["secret"]["secretName"] for one in pod["volumes"] if "secret" in one}


def test_everything_of_a_tenants_tool_is_in_its_namespace(plan: Plan) -> None:
    homes = {
        one.inputs["metadata"]["namespace"]
        for one in plan
        if one.custom and one.section("metadata").get("labels", {}).get("agentic.dev/tool") in TOOLS
    }
    assert homes == {"tenant-a"}
    assert {pod.namespace for pod in pods(TOOLS)} == {"tenant-a"}


def test_a_search_reads_its_tenants_user_and_key_and_no_secret_is_made_for_it(plan: Plan) -> None:
    assert volumes(plan, "tool-notes") == {"gateway": "gateway-key-tenant-a", "milvus": "milvus-reader"}
    made = {
        one.inputs["metadata"]["name"]
        for one in plan.all(EXTERNAL)
        if one.inputs["metadata"]["namespace"] == "tenant-a"
    }
    assert made == {"tool-crm-token", "tool-maps-token"}


def test_a_token_is_one_key_of_the_tenants_secret_read_by_the_tenants_role(plan: Plan) -> None:
    spec = named(plan, EXTERNAL, "tool-maps-token")["spec"]
    assert spec["secretStoreRef"] == {"kind": "SecretStore", "name": "tenant"}
    (read,) = spec["data"]
    assert read["secretKey"] == read["remoteRef"]["property"] == "token"
    assert read["remoteRef"]["key"].startswith("arn:aws:secretsmanager:")
    assert volumes(plan, "tool-maps") == {"token": "tool-maps-token"}


def test_two_tools_read_two_keys_of_one_secret(plan: Plan) -> None:
    keys = {
        name: named(plan, EXTERNAL, f"tool-{name}-token")["spec"]["data"][0]["remoteRef"]["property"]
        for name in ("maps", "crm")
    }
    assert keys == {"maps": "token", "crm": "crm"}


def test_a_server_that_is_there_is_told_the_token_by_the_agents_of_the_tenant(plan: Plan) -> None:
    remote = named(plan, REMOTE, "crm")
    assert remote["metadata"]["namespace"] == "tenant-a"
    assert remote["spec"]["url"] == "http://crm.tenant-a.svc/mcp"
    (header,) = remote["spec"]["headersFrom"]
    assert header["valueFrom"] == {"type": "Secret", "name": "tool-crm-token", "key": "authorization"}
    template = named(plan, EXTERNAL, "tool-crm-token")["spec"]["target"]["template"]["data"]
    assert template == {"authorization": 'Bearer {{ index . "crm" }}'}


def test_what_a_tool_reads_stays_until_the_tool_is_gone(plan: Plan) -> None:
    (server,) = [one for one in plan.all(DEPLOYMENT) if one.inputs["metadata"]["name"] == "tool-maps"]
    (token,) = [one for one in plan.all(EXTERNAL) if one.inputs["metadata"]["name"] == "tool-maps-token"]
    (ground,) = [one for one in plan.all("kubernetes:core/v1:ConfigMap") if one.name == "ground"]
    assert token.urn in server.needs()
    assert ground.urn in token.needs()


def test_a_way_out_is_the_proxys_door_of_that_tool(plan: Plan) -> None:
    def env(tool: str) -> dict[str, str]:
        (container,) = named(plan, DEPLOYMENT, tool)["spec"]["template"]["spec"]["containers"]
        return {one["name"]: one["value"] for one in container["env"]}

    assert env("tool-maps")["HTTPS_PROXY"].startswith("http://egress-proxy.egress.svc:")
    assert "HTTPS_PROXY" not in env("tool-notes")


def test_every_kind_takes_what_it_is_given(plan: Plan, reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    for kind in (DEPLOYMENT, EXTERNAL, REMOTE):
        for one in plan.all(kind):
            if one.inputs["metadata"]["namespace"] == "tenant-a":
                assert schemas.faults(dict(one.inputs)) == [], one.name
