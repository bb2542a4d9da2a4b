from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from stacks.config import parse
from stacks.supplied import supplied
from tests.stacks.project import SOUND


def arns(**tool: Any) -> tuple[str, ...]:
    raw = YAML(typ="safe").load(SOUND)["config"]["agentic-platform:platform"]
    raw["tools"] = {
        "crm": {
            "type": "api",
            "description": "Finds customers.",
            "endpoint": "https://crm.example/find",
            "auth": {"secret": "openai"},
            **tool,
        }
    }
    return supplied(parse(raw, "x"))


def test_the_platforms_role_reads_what_its_own_tools_send() -> None:
    assert [arn.rpartition(":")[2] for arn in arns()] == ["openai-AbCdEf"]


def test_what_a_tenants_tool_sends_is_read_by_the_tenants_role_alone() -> None:
    assert arns(tenant="tenant-a") == ()
