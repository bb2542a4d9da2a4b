from __future__ import annotations

from fractions import Fraction
from typing import Any

from agentic.plan.pod_room import Defaults, greatest, of_template

NOTHING = Defaults()
GIB = 2**30


def container(name: str = "main", **resources: Any) -> dict[str, Any]:
    return {"name": name, "resources": resources}


def test_containers_run_together() -> None:
    one = container(requests={"cpu": "250m", "memory": "1Gi"}, limits={"cpu": "1", "memory": "2Gi"})
    room = of_template({"containers": [one, {**one, "name": "beside"}]}, NOTHING)
    assert room.amounts == {
        "requests.cpu": Fraction(1, 2),
        "requests.memory": 2 * GIB,
        "limits.cpu": 2,
        "limits.memory": 4 * GIB,
        "pods": 1,
    }
    assert (room.unknown, room.unstated) == ((), ())


def test_an_init_container_counts_where_it_is_larger_and_a_sidecar_always() -> None:
    spec = {
        "containers": [container(requests={"cpu": "1", "memory": "1Gi"})],
        "initContainers": [
            {**container("proxy", requests={"cpu": "500m", "memory": "1Gi"}), "restartPolicy": "Always"},
            container("migrate", requests={"cpu": "2", "memory": "512Mi"}),
        ],
    }
    amounts = of_template(spec, NOTHING).amounts
    # migrate beside the proxy that was started before it; then proxy and main
    assert amounts["requests.cpu"] == Fraction(5, 2)
    assert amounts["requests.memory"] == 2 * GIB


def test_a_limit_without_a_request_is_its_own_request() -> None:
    defaults = Defaults(requests={"cpu": "250m"}, limits={"cpu": "500m"})
    amounts = of_template({"containers": [container(limits={"cpu": "2"})]}, defaults).amounts
    assert amounts["requests.cpu"] == amounts["limits.cpu"] == 2


def test_a_limit_range_fills_in_what_is_missing() -> None:
    defaults = Defaults(requests={"cpu": "250m", "memory": "512Mi"}, limits={"cpu": "500m", "memory": "1Gi"})
    room = of_template({"containers": [{"name": "bare"}]}, defaults)
    assert room.amounts["requests.cpu"] == Fraction(1, 4)
    assert room.amounts["limits.memory"] == GIB
    assert room.unstated == ()


def test_what_is_not_stated_and_not_filled_in_is_said() -> None:
    room = of_template({"containers": [container(requests={"cpu": "1", "memory": "1Gi"})]}, NOTHING)
    assert room.unstated == ("main: limits.cpu", "main: limits.memory")


def test_gpus_are_counted_as_requests() -> None:
    spec = {"containers": [container(limits={"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": "4"})]}
    assert of_template(spec, NOTHING).amounts["requests.nvidia.com/gpu"] == 4


def test_a_quantity_that_only_the_cloud_knows_is_unknown_and_not_nothing() -> None:
    spec = {"containers": [container(requests={"cpu": "@{aws:ec2/x:X::y.cores}", "memory": "1Gi"})]}
    room = of_template(spec, NOTHING)
    assert "requests.cpu" not in room.amounts
    assert "main: requests.cpu" in room.unknown


def test_the_greatest_is_taken_resource_by_resource() -> None:
    assert greatest({"a": Fraction(1), "b": Fraction(5)}, {"a": Fraction(3)}) == {"a": 3, "b": 5}
