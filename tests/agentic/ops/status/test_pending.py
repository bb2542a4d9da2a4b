from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from agentic.ops.status.finding import State
from agentic.ops.status.pending import pending

Make = Callable[..., Any]
NO_NODE = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."


def unscheduled(message: str = NO_NODE) -> dict[str, Any]:
    return {
        "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
        ]
    }


def waiting(reason: str) -> dict[str, Any]:
    return {"containerStatuses": [{"name": "main", "state": {"waiting": {"reason": reason}}}]}


def test_pods_with_one_reason_are_one_line(written: Make, thing: Make, now: datetime) -> None:
    pods = [thing(f"tenant-a/model-{index}", status=unscheduled()) for index in range(3)]
    section, found = pending(written(pods=[*pods, thing("other/x", status=waiting("ImagePullBackOff"))]), now)
    assert [(one.what, one.said) for one in section.findings] == [
        ("other/x", "main: ImagePullBackOff"),
        ("tenant-a/model-0 and 2 more", f"Unschedulable: {NO_NODE}"),
    ]
    assert (section.line, section.state, len(found)) == ("4 stuck, 0 starting", State.DEGRADED, 4)
    assert section.findings[1].next == "kubectl describe pod model-0 -n tenant-a"


def test_a_young_pod_may_wait_for_its_node_but_not_for_its_image(
    written: Make, thing: Make, now: datetime
) -> None:
    young = "2026-11-23T01:58:00Z"
    pods = [
        thing("a/node", made=young, status=unscheduled()),
        thing("a/start", made=young, status=waiting("ContainerCreating")),
        thing("a/image", made=young, status=waiting("ErrImagePull")),
    ]
    section, _ = pending(written(pods=pods), now)
    assert section.line == "1 stuck, 2 starting"
    assert [one.what for one in section.findings] == ["a/image"]


def test_a_pod_that_starts_for_long_is_shown(written: Make, thing: Make, now: datetime) -> None:
    section, _ = pending(written(pods=[thing("a/slow", status=waiting("ContainerCreating"))]), now)
    assert section.findings[0].said == "starting for more than 5 minutes"


def test_only_pending_pods_are_asked_for(written: Make, now: datetime) -> None:
    cluster = written()
    assert pending(cluster, now)[0].line == "0 stuck, 0 starting"
    assert cluster.asked == [("pods", "", "status.phase=Pending")]


def test_a_long_message_is_cut(written: Make, thing: Make, now: datetime) -> None:
    section, _ = pending(written(pods=[thing("a/x", status=unscheduled("no " * 400))]), now)
    assert len(section.findings[0].said) < 250
    assert section.findings[0].said.endswith("...")
