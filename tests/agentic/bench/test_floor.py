from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from agentic.bench import floor
from agentic.bench.tenants import config
from agentic.plan.model import Plan
from agentic.plan.urns import ROOT_TYPE
from stacks import stack_file


@pytest.mark.parametrize("make", [floor.generated, floor.bare])
def test_a_replay_registers_the_whole_plan_once(
    make: floor.Maker, stack_plan: Callable[[str], Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = stack_plan("dev")
    requests: list[Any] = []
    answer = floor.AnsweringMonitor.RegisterResource

    def record(self: floor.AnsweringMonitor, request: Any) -> Any:
        requests.append(request)
        return answer(self, request)

    monkeypatch.setattr(floor.AnsweringMonitor, "RegisterResource", record)
    floor.replay(plan, make)
    made = [(r.type, r.name, r.custom, r.remote) for r in requests if r.type != ROOT_TYPE]
    assert sorted(made) == sorted((r.type, r.name, r.custom, r.remote) for r in plan)


def test_a_replay_sends_what_the_plan_recorded(
    stack_plan: Callable[[str], Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    from agentic.plan.wire import Reading

    plan = stack_plan("dev")
    sent: dict[tuple[str, str], Any] = {}
    answer = floor.AnsweringMonitor.RegisterResource

    def record(self: floor.AnsweringMonitor, request: Any) -> Any:
        sent[request.type, request.name] = Reading(request.object).values
        return answer(self, request)

    monkeypatch.setattr(floor.AnsweringMonitor, "RegisterResource", record)
    floor.replay(plan, floor.generated)
    kinds = (
        "aws:ec2/subnet:Subnet",
        "kubernetes:core/v1:ResourceQuota",
        "kubernetes:karpenter.sh/v1:NodePool",
    )
    for resource in plan:
        if resource.type in kinds:
            assert sent[resource.type, resource.name] == resource.inputs


def test_a_replay_leaves_no_monitor_behind(stack_plan: Callable[[str], Plan]) -> None:
    floor.replay(stack_plan("dev"), floor.bare)
    assert pulumi.runtime.settings.get_monitor() is None


def test_the_stack_gets_as_many_tenants_as_asked(request: pytest.FixtureRequest) -> None:
    import json

    found = json.loads(config(request.config.rootpath, "dev", 3)[stack_file.PLATFORM_KEY])
    assert sorted(found["tenants"]) == ["tenant-000", "tenant-001", "tenant-002"]
