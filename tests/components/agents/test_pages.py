"""What the pages on agents and tools show is taken as it stands, and changes what they say it changes."""

from __future__ import annotations

import re
import runpy
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.agents.render import agent
from components.agents.spec import CONTRACT, AgentSpec, ScalingSpec, WorkflowSpec
from components.tenants.spec import TenantSpec
from components.tools.spec import ToolSpec
from components.vectors.spec import VectorsSpec
from tests.components.agents import scene

DOCS = Path(__file__).parents[3] / "docs"
SETTINGS = DOCS.parent / "examples" / "rag" / "rag" / "settings.py"
ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "agents": TypeAdapter(dict[str, AgentSpec]),
    "tools": TypeAdapter(dict[str, ToolSpec]),
    "workflows": TypeAdapter(dict[str, WorkflowSpec]),
    "scaling": TypeAdapter(ScalingSpec),
    "tenants": TypeAdapter(dict[str, TenantSpec]),
    "vectors": TypeAdapter(VectorsSpec),
}


def blocks(page: str) -> list[dict[str, Any]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [
        yaml.safe_load(textwrap.dedent(block)) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    ]


@pytest.mark.parametrize("page", ["agents.md", "tools.md", "rag-example.md"])
def test_every_example_is_taken_as_it_stands(page: str) -> None:
    found = blocks(page)
    assert found
    for block in found:
        sections = {name: value for name, value in block.items() if name != "secrets"}
        if not set(sections) & set(ADAPTERS):
            sections = {"tools": sections}
        for name, value in sections.items():
            assert ADAPTERS[name].validate_python(value)


def test_an_agent_more_is_what_the_page_says(capture: Capture) -> None:
    name = "data-analysis-agent"

    def planned(agents: dict[str, Any]) -> dict[str, Any]:
        plan: Plan = capture(lambda: scene.everything(agents=agents, workflows={}))
        return {one.urn: one.inputs for one in plan.resources if one.custom and "kind" in one.inputs}

    after = planned(dict(scene.AGENTS))
    before = planned({key: one for key, one in scene.AGENTS.items() if key != name})
    made = {(one["kind"], one["metadata"]["name"]) for urn, one in after.items() if urn not in before}
    assert made == {
        ("ServiceAccount", f"agent-{name}"),
        ("ModelConfig", name),
        ("Agent", name),
        ("PodDisruptionBudget", name),
        ("HorizontalPodAutoscaler", name),
    }
    changed = {after[urn]["metadata"]["name"] for urn, one in before.items() if after[urn] != one}
    assert changed == {"agent-sessions"}


def test_the_rag_example_reads_what_the_page_has_it_told() -> None:
    """The image's own settings, over the variables that its Agent has; what is in Secrets is stood in for."""
    (said,) = [
        block["agents"] for block in blocks("rag-example.md") if "rag-agent" in block.get("agents", {})
    ]
    (name,) = said
    spec = ADAPTERS["agents"].validate_python(said)[name]
    env = {
        one["name"]: one.get("value", f"{one.get('valueFrom', {}).get('secretKeyRef', {}).get('key')} of it")
        for one in agent(name, spec, scene.wiring())["byo"]["deployment"]["env"]
    }
    settings = runpy.run_path(str(SETTINGS))["Settings"].read(env)
    assert (settings.milvus_uri, settings.milvus_token, settings.database) == (
        "uri of it",
        "token of it",
        "database of it",
    )
    assert (settings.api_key, settings.model, settings.collection) == (
        "api-key of it",
        "gpt-4",
        "support_docs",
    )
    stored = [block["vectors"] for block in blocks("rag-example.md") if "vectors" in block]
    assert stored[0]["collections"][settings.collection] == {"isolation": "partition_key"}


def test_the_contract_of_images_is_on_the_page() -> None:
    page = (DOCS / "agents.md").read_text(encoding="utf-8")
    assert [name for name in sorted(CONTRACT) if f"`{name}`" not in page] == []
