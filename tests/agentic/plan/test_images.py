from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from agentic.plan.images import Images, Pinned, how_pinned, images
from agentic.plan.images_text import as_text, one_line, records
from agentic.plan.model import Plan, Resource

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]
DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("reference", "pinned"),
    [
        (f"quay.io/a/b:v1@{DIGEST}", Pinned.DIGEST),
        (f"quay.io/a/b@{DIGEST}", Pinned.DIGEST),
        ("quay.io/a/b:v1", Pinned.TAG),
        ("localhost:5000/b:v1", Pinned.TAG),
        ("localhost:5000/b", Pinned.MOVING),
        ("quay.io/a/b:latest", Pinned.MOVING),
        ("busybox", Pinned.MOVING),
        ("quay.io/a/b:v1@sha256:short", Pinned.MOVING),
        ("@{aws:ecr/repository:Repository::x.url}:v1", Pinned.UNKNOWN),
    ],
)
def test_a_reference_says_how_it_is_pinned(reference: str, pinned: Pinned) -> None:
    assert how_pinned(reference) is pinned


@pytest.fixture
def found(resource: Make, plan_of: PlanOf) -> Images:
    pod = {
        "containers": [{"name": "a", "image": "quay.io/a/b:v1"}],
        "initContainers": [{"name": "i", "image": f"quay.io/a/init:v1@{DIGEST}"}],
    }
    place = {"name": "thing", "namespace": "zoo"}
    return images(
        plan_of(
            resource("kubernetes:apps/v1:Deployment", "d", metadata=place, spec={"template": {"spec": pod}}),
            resource(
                "kubernetes:kagent.dev/v1alpha2:Agent",
                "k",
                kind="Agent",
                metadata=place,
                spec={"byo": {"deployment": {"image": "quay.io/a/agent:latest", "cmd": "image"}}},
            ),
            resource(
                "kubernetes:clickhouse.com/v1alpha1:ClickHouseCluster",
                "c",
                kind="ClickHouseCluster",
                metadata=place,
                spec={"image": {"repository": "quay.io/a/ch", "tag": "1"}, "logo": {"image": "a picture"}},
            ),
        )
    )


def test_images_of_workloads_and_of_custom_resources_are_found(found: Images) -> None:
    assert {image.reference: (image.pinned, image.users) for image in found.images} == {
        "quay.io/a/agent:latest": (Pinned.MOVING, ("Agent zoo/thing",)),
        "quay.io/a/b:v1": (Pinned.TAG, ("Deployment zoo/thing",)),
        "quay.io/a/ch:1": (Pinned.TAG, ("ClickHouseCluster zoo/thing",)),
        f"quay.io/a/init:v1@{DIGEST}": (Pinned.DIGEST, ("Deployment zoo/thing",)),
    }


def test_those_that_nobody_explains_are_counted(found: Images) -> None:
    assert one_line(found) == (
        "images (4): 1 by digest, 2 by tag only, 1 moving; without a reason: 3; "
        "those of releases are not in the plan"
    )
    assert as_text(found).splitlines()[1].startswith("  moving     quay.io/a/agent:latest")
    assert records(found)["counts"] == {"digest": 1, "tag": 2, "moving": 1, "unknown": 0}


def test_a_stacks_images_are_pinned_or_explained(stack_plan: Callable[[str], Plan]) -> None:
    found = images(stack_plan("dev"))
    assert found.declared
    assert found.count(Pinned.DIGEST) >= 1
    assert found.unexplained == ()
    assert found.first_expiry is None or found.first_expiry >= date(2027, 2, 28)
    assert any("release karpenter" in image.users for image in found.images)
