from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agentic.plan.model import Plan, Resource
from agentic.plan.quota_faults import quota_faults
from agentic.plan.quota_sums import quota_sums
from components.core.faults import Fault

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]
ROOM = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}}


@pytest.fixture
def faults(resource: Make, plan_of: PlanOf) -> Callable[..., tuple[Fault, ...]]:
    def found(
        hard: dict[str, str],
        *,
        room: Any = ROOM,
        kind: str = "apps/v1:Deployment",
        labels: Any = None,
        defaults: Any = None,
        **spec: Any,
    ) -> tuple[Fault, ...]:
        place = {"name": "quota", "namespace": "zoo"}
        template = {"template": {"spec": {"containers": [{"name": "main", "resources": room}]}}}
        made = [
            resource("kubernetes:core/v1:Namespace", "n", metadata={"name": "zoo", "labels": labels or {}}),
            resource("kubernetes:core/v1:ResourceQuota", "q", metadata=place, spec={"hard": hard}),
            resource(
                f"kubernetes:{kind}",
                "w",
                metadata={"name": "lion", "namespace": "zoo"},
                spec={**template, **spec},
            ),
        ]
        if defaults:
            made.append(
                resource("kubernetes:core/v1:LimitRange", "l", metadata=place, spec={"limits": [defaults]})
            )
        return quota_faults(quota_sums(plan_of(*made)))

    return found


def test_a_quota_that_holds_its_pods_has_no_fault(faults: Callable[..., tuple[Fault, ...]]) -> None:
    assert faults({"requests.cpu": "2", "pods": "3"}, replicas=2) == ()


def test_pods_that_do_not_fit_are_named_with_the_remedy(faults: Callable[..., tuple[Fault, ...]]) -> None:
    (fault,) = faults({"requests.cpu": "1"}, replicas=4, strategy={"type": "Recreate"})
    assert str(fault) == (
        "namespaces.zoo.quota.cpu: is 1, and its pods ask for 2 at one time (most of it: Deployment lion 2); "
        "raise it to at least 2, or lower the replicas or the resources of what runs there"
    )


def test_a_quota_without_room_for_an_update_is_a_fault(faults: Callable[..., tuple[Fault, ...]]) -> None:
    (fault,) = faults({"limits.memory": "4Gi"}, replicas=2)
    assert fault.path == "namespaces.zoo.quota.limits_memory"
    assert fault.rule.startswith(
        "is 4Gi, and its pods ask for 6Gi during an update: 4Gi run, 2Gi more come by rolling updates"
    )


def test_a_quota_without_room_for_one_node_is_a_fault(faults: Callable[..., tuple[Fault, ...]]) -> None:
    (fault,) = faults({"requests.cpu": "400m"}, kind="apps/v1:DaemonSet")
    assert fault.rule == (
        "is 400m and has no room for what every node brings, 500m (DaemonSet lion 500m), beside 0"
    )


def test_a_tenants_quota_is_named_as_the_stack_file_has_it(faults: Callable[..., tuple[Fault, ...]]) -> None:
    (fault,) = faults({"pods": "1"}, replicas=2, labels={"agentic.dev/tenant": "zoo"})
    assert fault.path == "tenants.zoo.quota.pods"
    assert fault.remedy.startswith("raise it to at least 3")


def test_a_container_without_bounds_is_refused_where_a_quota_counts_them(
    faults: Callable[..., tuple[Fault, ...]],
) -> None:
    (fault,) = faults({"requests.cpu": "10", "limits.cpu": "10"}, room={"requests": {"cpu": "1"}})
    assert fault.path == "namespaces.zoo.quota"
    assert "counts what Deployment lion does not state (main: limits.cpu): every pod of it is refused" in str(
        fault
    )


def test_container_defaults_state_it(faults: Callable[..., tuple[Fault, ...]]) -> None:
    defaults = {"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}}
    assert faults({"requests.cpu": "10", "limits.cpu": "10"}, room={}, defaults=defaults) == ()


def test_what_is_unknown_is_no_pass_when_the_rest_is_too_much(
    faults: Callable[..., tuple[Fault, ...]],
) -> None:
    room = {"requests": {"cpu": "3", "memory": "@{a:b/c:C::d.e}"}, "limits": {"cpu": "3", "memory": "1Gi"}}
    assert [fault.path for fault in faults({"requests.cpu": "2"}, room=room)] == ["namespaces.zoo.quota.cpu"]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_quota_of_a_stack_holds_its_pods(stack: str, stack_plan: Callable[[str], Plan]) -> None:
    plan = stack_plan(stack)
    assert plan.pods
    assert quota_faults(quota_sums(plan)) == ()
    # The test would pass over a plan without quotas too: a tenant's, at one pod, must be found wanting.
    tight = [
        replace(one, inputs={**one.inputs, "spec": {"hard": {"requests.cpu": "1m", "pods": "1"}}})
        if one.type == "kubernetes:core/v1:ResourceQuota"
        else one
        for one in plan
    ]
    assert quota_faults(quota_sums(replace(plan, resources=tuple(tight))))
