"""The page's changes are ones a stack could make, and what it says a plan says, a plan says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from agentic.plan.capture import Capture
from agentic.plan.notices import notices
from agentic.plan.summary_text import NOTICES
from agentic.plan.table_text import table
from components.models.checks import model_faults
from components.models.servers import saving
from tests.components.models import scene

PAGE = (Path(__file__).parents[3] / "docs" / "models.md").read_text()
BLOCKS: list[dict[str, Any]] = [
    yaml.safe_load(block.partition("```")[0]) for block in PAGE.split("```yaml\n")[1:]
]
ADDED, IN_FULL, SHARED, OWN = BLOCKS


def faults(models: dict[str, Any], **said: Any) -> list[str]:
    parsed = scene.MODELS.validate_python(models)
    known: dict[str, Any] = {"cluster_version": "1.35", "auto_mode": False, "secrets": [], **said}
    return [str(one) for one in model_faults(parsed, scene.POOLS, scene.GRANTED, **known)]


def test_the_models_of_the_page_fit_their_pool_and_its_grant() -> None:
    assert faults(ADDED["models"]) == []
    assert faults(OWN["models"], secrets=OWN["secrets"]) == []


def test_the_notices_are_those_of_the_plan(capture: Capture) -> None:
    specs = scene.MODELS.validate_python(ADDED["models"])
    rows = [(one.what, one.text) for one in notices(capture(lambda: scene.program(specs)))]
    assert table("to be known", rows, NOTICES) in PAGE


def test_the_refusal_is_the_one_that_the_check_words() -> None:
    small = {**ADDED["models"]["mixtral-8x7b"], "pool": "l4", "full_requests": 1}
    (fault, _) = faults({"mixtral-8x7b": small})
    first, _, rest = fault.partition("; g6.48xlarge")
    assert first in PAGE.replace("\n", " ")
    assert rest.endswith("; tensor_parallel 8 would fit")


def test_a_known_model_in_numbers_is_the_same_model() -> None:
    assert scene.vllm(**IN_FULL) == scene.vllm()


def test_the_saving_is_the_one_that_is_reckoned() -> None:
    said = str(saving("qwen3-8b", scene.vllm(**SHARED)))
    assert said in PAGE.replace("\n", " ")
