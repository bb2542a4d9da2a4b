"""What the page says of dev's models, and its changes, are so; its commands are run by tests/docs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from components.models.checks import model_faults
from components.models.servers import saving
from tests.components.models import scene

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "models.md").read_text()
BLOCKS: list[dict[str, Any]] = [
    yaml.safe_load(block.partition("```")[0]) for block in PAGE.split("```yaml\n")[1:]
]
ADDED, IN_FULL, SHARED, OWN = BLOCKS
DEV: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"][
    "agentic-platform:platform"
]


def faults(models: dict[str, Any], **said: Any) -> list[str]:
    parsed = scene.MODELS.validate_python(models)
    known: dict[str, Any] = {"cluster_version": "1.35", "auto_mode": False, "secrets": [], **said}
    return [str(one) for one in model_faults(parsed, scene.POOLS, scene.GRANTED, **known)]


def test_the_models_of_the_page_fit_their_pool_and_its_grant() -> None:
    assert faults(DEV["models"]) == []
    assert faults(OWN["models"], secrets=OWN["secrets"]) == []


def test_the_refusal_is_the_one_that_the_check_words() -> None:
    small = {**DEV["models"]["mixtral-8x7b"], "pool": "l4", "full_requests": 1}
    (fault, _) = faults({"mixtral-8x7b": small})
    first, _, rest = fault.partition("; g6.48xlarge")
    assert first in PAGE.replace("\n", " ")
    assert rest.endswith("; tensor_parallel 8 would fit")


def test_a_known_model_in_numbers_is_the_same_model() -> None:
    assert scene.vllm(**IN_FULL) == scene.vllm()


def test_the_saving_is_the_one_that_is_reckoned() -> None:
    said = str(saving("qwen3-8b", scene.vllm(**SHARED)))
    assert said in PAGE.replace("\n", " ")
