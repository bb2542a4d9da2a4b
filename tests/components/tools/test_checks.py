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
    secrets=("search-api-token",),
    milvus=True,
    gateway=True,
    own_nodes=True,
    used={},
)


def api(**said: Any) -> dict[str, Any]:
    return {"t": {"type": "api", "description": "Calls something.", **said}}


def faults(raw: dict[str, Any], around: Surrounding = AROUND) -> list[str]:
    return [str(fault) for fault in tool_faults(CATALOGUE.validate_python(raw), around)]


def test_the_example_has_no_fault() -> None:
    assert tool_faults(TOOLS, AROUND) == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            api(endpoint="http://x/y", auth={"secret": "gone"}),
            "tools.t.auth.secret: nothing provides the secret 'gone'; declare it under secrets with its arn; declared: "
            "search-api-token",
        ),
        (
            api(endpoint="http://x/y", tenant="tenant-z"),
            "tools.t.tenant: is 'tenant-z'; the stack has: tenant-a",
        ),
        (
            api(endpoint="https://api.example.com/y", tenant="tenant-a"),
            "tools.t.endpoint: leaves the cluster, and the tool is tenant tenant-a's: no tenant has a way out",
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
            "tools.t.auth: is a secret of the platform's, and the tool is tenant tenant-a's",
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


def test_a_persons_yes_is_about_a_tool_that_the_agent_has() -> None:
    raw = {
        **api(endpoint="http://x/y"),
        "h": {"type": "human", "description": "Says yes or no.", "approves": ["t"]},
    }
    around = replace(AROUND, used={"a": ["h"], "b": ["h", "t"]})
    assert faults(raw, around) == [
        "agents.a.tools: has 'h', which is about 't', but not 't' itself; add t, or drop h"
    ]
