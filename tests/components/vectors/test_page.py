"""What docs/vectors.md shows is what a stack may say, and what it says of the plan is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from components.milvus.pods import pods
from components.milvus.room import summary
from components.milvus.spec import StandaloneMilvus
from components.vectors.checks import vector_faults
from components.vectors.render import notices
from components.vectors.spec import VectorsSpec
from stacks.profiles import with_profile

DOCS = Path(__file__).parents[3] / "docs"
TENANTS = ("tenant-a", "tenant-b")


def blocks(page: str) -> list[dict[str, Any]]:
    text = (DOCS / page).read_text()
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)]


def _filled(block: dict[str, Any]) -> dict[str, Any]:
    return with_profile({"profile": "startup", **block})["vectors"]


def test_every_block_is_a_stacks_own_words_and_has_no_fault() -> None:
    milvus = StandaloneMilvus(mode="standalone")
    for page in ("vectors.md", "rag-example.md"):
        for block in blocks(page):
            spec = VectorsSpec.model_validate(_filled(block))
            assert vector_faults(spec, milvus, TENANTS, summary(milvus, pods(milvus))) == [], page


def test_the_line_of_the_plan_is_the_one_that_is_shown() -> None:
    shown = VectorsSpec.model_validate(blocks("vectors.md")[2]["vectors"])
    assert notices(shown, TENANTS) in (DOCS / "vectors.md").read_text()


def test_what_a_milvus_of_ones_own_takes_is_what_is_shown() -> None:
    shown = VectorsSpec.model_validate(_filled(blocks("vectors.md")[1]))
    (instance,) = shown.instances
    own = shown.dedicated["tenant-b"]
    said = notices(shown, TENANTS, instance, summary(own, pods(own, instance))).splitlines()[0]
    assert said in (DOCS / "vectors.md").read_text()
    assert sorted(shown.collections_of("tenant-b")) == ["agent_knowledge", "contracts"]
    assert sorted(shown.collections_of("tenant-a")) == ["agent_knowledge"]


def test_the_first_block_makes_one_collection_for_each_tenant_and_one_shared() -> None:
    spec = VectorsSpec.model_validate(blocks("vectors.md")[0]["vectors"])
    assert (list(spec.at("database")), list(spec.at("partition_key"))) == (
        ["agent_knowledge"],
        ["support_docs"],
    )
