from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from components.tools.checks import Surrounding, tool_faults
from components.tools.spec import ToolSpec
from tests.components.agents.scene import TOOLS

CATALOGUE: TypeAdapter[dict[str, ToolSpec]] = TypeAdapter(dict[str, ToolSpec])
AROUND = Surrounding(
    tenants=("tenant-a",),
    namespaces=("ai-agents", "ai-tools", "ai-inference"),
    secrets=("search-api-token", "crm"),
    tenants_secrets={"tenant-a": ["crm"]},
    collections={
        None: ("support_docs",),
        "tenant-a": ("agent_knowledge",),
        "tenant-b": ("agent_knowledge",),
    },
    milvus=True,
    vectors=True,
    gateway=True,
    own_nodes=True,
    used={},
)


def api(**said: Any) -> dict[str, Any]:
    return {"t": {"type": "api", "description": "Calls something.", **said}}


def retrieval(**said: Any) -> dict[str, Any]:
    return {"t": {"type": "retrieval", "description": "Finds something.", **said}}


def faults(raw: dict[str, Any], around: Surrounding = AROUND) -> list[str]:
    return [str(fault) for fault in tool_faults(CATALOGUE.validate_python(raw), around)]


def test_the_example_has_no_fault() -> None:
    assert tool_faults(TOOLS, AROUND) == []


@pytest.mark.parametrize(
    "raw",
    [
        api(endpoint="https://api.example.com/y", tenant="tenant-a"),
        api(endpoint="http://x/y", tenant="tenant-a", auth={"secret": "crm"}),
        api(mcp_url="http://x/mcp", offers=["f"], tenant="tenant-a", auth={"secret": "crm"}),
        retrieval(collection="agent_knowledge", tenant="tenant-a"),
        retrieval(collection="support_docs"),
    ],
)
def test_a_tenant_has_tools_like_the_platforms(raw: dict[str, Any]) -> None:
    assert faults(raw) == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            api(endpoint="http://x/y", auth={"secret": "gone"}),
            "tools.t.auth.secret: nothing provides the secret 'gone'; declare it under secrets with its arn; declared: "
            "crm, search-api-token",
        ),
        (
            api(endpoint="http://x/y", tenant="tenant-z"),
            "tools.t.tenant: is 'tenant-z'; the stack has: tenant-a",
        ),
        (
            api(server={"image": "a.example.com/x:1"}, offers=["f"], tenant="tenant-a"),
            "tools.t.server: is run by kmcp, which makes nothing in the namespace of tenant tenant-a; drop the tenant, "
            "or have Argo CD run it there (services.argocd) and name it under mcp_url",
        ),
        (
            api(endpoint="http://x.ai-agents.svc/y", tenant="tenant-a"),
            "tools.t.endpoint: is a Service of ai-agents, and the tool is tenant tenant-a's",
        ),
        (
            api(endpoint="http://x.tenant-a.svc/y"),
            "tools.t.endpoint: is a Service of tenant tenant-a: the platform's tools reach into no tenant",
        ),
        (api(endpoint="http://x.nowhere.svc/y"), "tools.t.endpoint: names no namespace: 'nowhere'"),
        (api(endpoint="http://x.ai-tools.svc/y"), "is in ai-tools, where only servers of tools are"),
        (
            api(endpoint="http://x/y", tenant="tenant-a", auth={"secret": "search-api-token"}),
            "tools.t.auth.secret: is 'search-api-token', which tenant tenant-a does not ask for; it asks for: crm; "
            "add it to tenants.tenant-a.secrets: a tenant's tool reads what its tenant may read",
        ),
        (
            retrieval(collection="support_docs", tenant="tenant-a"),
            "tools.t.collection: is 'support_docs', and the database of tenant tenant-a has: agent_knowledge; name one "
            "of those, or add it to vectors.collections with isolation: database",
        ),
        (
            retrieval(collection="agent_knowledge"),
            "tools.t.collection: is 'agent_knowledge', and the database of the platform has: support_docs; name one of "
            "those, or add it to vectors.collections with isolation: partition_key",
        ),
        (
            {"h": {"type": "human", "description": "Says yes or no.", "approves": ["gone"]}},
            "tools.h.approves[0]: names no tool: 'gone'",
        ),
        (
            {
                "h": {"type": "human", "description": "Says yes or no.", "approves": ["g"]},
                "g": {"type": "human", "description": "Says something."},
            },
            "tools.h.approves[0]: is 'g', which is a person as well",
        ),
    ],
)
def test_a_fault_is_said_with_its_place(raw: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults(raw)), faults(raw)


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ({"milvus": False}, "tools.search-knowledge-base: needs Milvus, which is switched off"),
        (
            {"vectors": False},
            "tools.search-knowledge-base: needs the job that makes its user, which is switched off; switch vectors on",
        ),
        ({"gateway": False}, "tools.search-knowledge-base: needs the gateway for its embeddings"),
        (
            {"own_nodes": False},
            "tools.run-python: runs code, for which nodes need gVisor; nodes of compute.mode auto boot from images of "
            "AWS; set compute.mode: karpenter, or drop the tool",
        ),
    ],
)
def test_what_a_tool_needs_has_to_be_there(lacks: dict[str, bool], words: str) -> None:
    found = [str(fault) for fault in tool_faults(TOOLS, replace(AROUND, **lacks))]
    assert any(words in fault for fault in found), found


def test_what_follows_from_what_is_off_is_no_fault_of_its_own() -> None:
    """Without Milvus nobody makes users in it: to switch that job on would be no help."""
    found = [str(fault) for fault in tool_faults(TOOLS, replace(AROUND, milvus=False, vectors=False))]
    assert [fault for fault in found if "vectors" in fault] == []
    assert len([fault for fault in found if "needs Milvus" in fault]) == 1


def test_a_persons_yes_is_about_a_tool_that_the_agent_has() -> None:
    raw = {
        **api(endpoint="http://x/y"),
        "h": {"type": "human", "description": "Says yes or no.", "approves": ["t"]},
    }
    around = replace(AROUND, used={"a": ["h"], "b": ["h", "t"]})
    assert faults(raw, around) == [
        "agents.a.tools: has 'h', which is about 't', but not 't' itself; add t, or drop h"
    ]
