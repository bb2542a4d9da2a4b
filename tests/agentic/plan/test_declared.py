from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.declared import MOST_PODS, from_records, to_records
from agentic.plan.errors import PlanError
from agentic.plan.files import from_json, to_json
from agentic.plan.model import Plan


@pytest.fixture
def records(stack_plan: Callable[[str], Plan]) -> list[dict[str, Any]]:
    return to_records(stack_plan("dev").pods or ())


def test_pods_come_back_as_they_were(stack_plan: Callable[[str], Plan]) -> None:
    plan = stack_plan("dev")
    assert plan.pods
    assert from_json(to_json(plan), "plan.json").pods == plan.pods


def test_a_plan_of_nobody_knows_no_pods() -> None:
    plan = Plan(project="p", stack="s", resources=())
    assert '"pods"' not in to_json(plan)
    assert from_json(to_json(plan), "plan.json").pods is None


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"replicas": "many"}, "plan.json: pods[0].replicas: Input should be a valid integer"),
        ({"replicas": MOST_PODS + 1}, f"plan.json: pods[0].replicas: it is not between 0 and {MOST_PODS}"),
        ({"replicas": -1}, f"plan.json: pods[0].replicas: it is not between 0 and {MOST_PODS}"),
        ({"kind": "Pod"}, "plan.json: pods[0].kind: Input should be"),
        ({"containers": None}, "plan.json: pods[0].containers: Input should be a valid tuple"),
    ],
)
def test_a_pod_that_is_none_is_refused_at_its_place(
    records: list[dict[str, Any]], change: dict[str, Any], text: str
) -> None:
    with pytest.raises(PlanError) as refused:
        from_records([records[0] | change], "plan.json: pods", "capture it again")
    assert str(refused.value).startswith(text)
    assert "remedy: capture it again" in str(refused.value)
