from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from agentic.plan import summary_text
from agentic.plan.model import Plan
from agentic.plan.summary import summary


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_stack_is_made_of_these_resources(
    stack: str, stack_plan: Callable[[str], Plan], snapshot: SnapshotAssertion
) -> None:
    plan = stack_plan(stack)
    listed = "\n".join(f"{resource.type} {resource.name}" for resource in plan)
    assert f"{summary_text.as_text(summary(plan))}\nresources\n{listed}\n" == snapshot
