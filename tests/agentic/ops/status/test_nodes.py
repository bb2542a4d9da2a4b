from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from agentic.ops.status.nodes import nodes

Make = Callable[..., Any]


@pytest.fixture
def node(thing: Make) -> Make:
    def make(name: str = "ip-1", *, ready: str = "True", pool: str = "cpu", more: Any = ()) -> dict[str, Any]:
        kubelet = {"type": "Ready", "status": ready, "reason": "KubeletNotReady", "message": "cni not up"}
        return thing(
            name,
            metadata={"labels": {"karpenter.sh/nodepool": pool}},
            status={"conditions": [kubelet, *more]},
        )

    return make


@pytest.fixture
def pool(thing: Make) -> dict[str, Any]:
    return thing(
        "cpu",
        spec={"limits": {"cpu": "100", "memory": "1Ti"}},
        status={
            "resources": {"cpu": "90", "memory": "10Gi"},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    )


def test_nodes_and_what_pools_use_of_their_limits(
    expect: Make, written: Make, node: Make, pool: Any, now: datetime
) -> None:
    section = nodes(expect(), written(nodes=[node(), node("ip-2", pool="boot")], nodepools=[pool]), now)
    assert (section.line, section.findings) == ("2 of 2 ready", ())
    assert section.details == ("cpu: 1 nodes; cpu 90 of 100 (!), memory 10Gi of 1Ti", "boot: 1 nodes")


def test_a_node_that_is_not_ready_and_one_under_pressure(
    expect: Make, written: Make, node: Make, pool: Any, now: datetime
) -> None:
    full = {"type": "DiskPressure", "status": "True", "reason": "KubeletHasDiskPressure", "message": "disk"}
    cluster = written(nodes=[node(ready="False"), node("ip-2", more=[full])], nodepools=[pool])
    section = nodes(expect(), cluster, now)
    assert [(one.what, one.said) for one in section.findings] == [
        ("ip-1", "not ready: KubeletNotReady: cni not up"),
        ("ip-2", "DiskPressure: KubeletHasDiskPressure: disk"),
    ]
    assert section.line == "1 of 2 ready"


def test_a_pool_that_is_missing_or_cannot_make_nodes(
    expect: Make, written: Make, node: Make, pool: Any, now: datetime
) -> None:
    broken = {"type": "Ready", "status": "False", "reason": "NodeClassNotReady", "message": "no subnets"}
    bad = {**pool, "status": {"conditions": [broken]}}
    cluster = written(nodes=[node()], nodepools=[bad])
    section = nodes(expect(pools=("cpu", "gpu-l4")), cluster, now)
    assert [(one.what, one.said) for one in section.findings] == [
        ("pool gpu-l4", "is not there"),
        ("pool cpu", "cannot make nodes: NodeClassNotReady: no subnets"),
    ]


@pytest.mark.parametrize(
    ("made", "conditions", "said"),
    [
        (
            "2026-11-23T01:59:00Z",
            [
                {
                    "type": "Launched",
                    "status": "False",
                    "reason": "LaunchFailed",
                    "message": "InsufficientInstanceCapacity",
                }
            ],
            ["no node: Launched is missing: LaunchFailed: InsufficientInstanceCapacity"],
        ),
        ("2026-11-23T01:59:00Z", [{"type": "Launched", "status": "True"}], []),
        (
            "2026-11-23T01:00:00Z",
            [
                {"type": "Launched", "status": "True"},
                {"type": "Registered", "status": "Unknown", "reason": "Waiting"},
            ],
            ["no node: Registered is missing: Waiting"],
        ),
        ("2026-11-22T01:00:00Z", [{"type": "Ready", "status": "True"}], []),
    ],
)
def test_a_claim_without_its_node_says_which_step_is_missing(
    made: str,
    conditions: Any,
    said: list[str],
    expect: Make,
    written: Make,
    node: Make,
    pool: Any,
    thing: Make,
    now: datetime,
) -> None:
    claim = thing("gpu-x", made=made, status={"conditions": conditions})
    section = nodes(expect(), written(nodes=[node()], nodepools=[pool], nodeclaims=[claim]), now)
    assert [one.said for one in section.findings] == said
