from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.ops.status.finding import State
from agentic.ops.status.quota_use import quota_use
from agentic.ops.status.tenants import tenants
from agentic.ops.status.workloads import workloads

Make = Callable[..., Any]


def quota(thing: Make, namespace: str, hard: dict[str, str], used: dict[str, str]) -> dict[str, Any]:
    return thing(f"{namespace}/quota", spec={"hard": hard}, status={"hard": hard, "used": used})


def test_what_is_nearly_full_is_marked_and_else_the_fullest_is_shown(written: Make, thing: Make) -> None:
    cluster = written(
        resourcequotas=[
            quota(thing, "b", {"pods": "10", "requests.cpu": "4"}, {"pods": "1", "requests.cpu": "500m"}),
            quota(thing, "a", {"pods": "10", "limits.memory": "8Gi"}, {"pods": "9", "limits.memory": "8Gi"}),
        ]
    )
    section, uses = quota_use(cluster)
    assert section.line == "2 namespaces, 2 resources above 80%"
    assert section.details == (
        "a: limits.memory 8Gi of 8Gi, 100% FULL, pods 9 of 10, 90% (!)",
        "b: requests.cpu 500m of 4, 12%",
    )
    assert section.state is State.OK
    assert len(uses) == 4


def test_what_is_forbidden_outright_is_no_use(written: Make, thing: Make) -> None:
    none = quota(thing, "a", {"requests.nvidia.com/gpu": "0", "odd": "x"}, {"requests.nvidia.com/gpu": "0"})
    assert quota_use(written(resourcequotas=[none]))[1] == ()


def test_a_tenant_is_one_line(expect: Make, written: Make, thing: Make, deployment: Make) -> None:
    cluster = written(
        namespaces=[thing("tenant-a"), thing("keda")],
        deployments=[deployment("tenant-a/one"), deployment("tenant-a/two", ready=0)],
        resourcequotas=[quota(thing, "tenant-a", {"pods": "10"}, {"pods": "9"})],
    )
    kept, running = workloads(expect(), cluster)
    section = tenants(
        expect(),
        cluster,
        running=running,
        pending=[thing("tenant-a/two-1"), thing("keda/other")],
        uses=quota_use(cluster)[1],
        objects=kept.findings,
    )
    assert section.line == "1 of 1 there"
    assert section.details == (
        "tenant-a: 1 of 2 workloads ready, 1 pods pending, 1 objects not ready, pods 9 of 10, 90% (!)",
    )


def test_namespaces_that_are_missing_or_going(expect: Make, written: Make, thing: Make) -> None:
    cluster = written(namespaces=[thing("keda", status={"phase": "Terminating"})])
    section = tenants(expect(), cluster, running={}, pending=(), uses=(), objects=())
    assert [(one.what, one.said) for one in section.findings] == [
        ("namespace keda", "is being deleted"),
        ("tenant tenant-a", "is not there"),
    ]
    assert section.line == "0 of 1 there"
