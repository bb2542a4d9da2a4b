from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from agentic.plan.model import Plan, Resource
from agentic.plan.preview_text import MOST_LINES, as_markdown

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]


@pytest.fixture
def plan(resource: Make, plan_of: PlanOf) -> Callable[..., Plan]:
    def make(*images: str, cpu: str = "500m", hard: str = "2", name: str = "quota") -> Plan:
        room = {"requests": {"cpu": cpu}, "limits": {"cpu": cpu}}
        pod = {
            "containers": [
                {"name": f"c{i}", "image": image, "resources": room} for i, image in enumerate(images)
            ]
        }
        return replace(
            plan_of(
                resource(
                    "kubernetes:core/v1:ResourceQuota",
                    "q",
                    metadata={"name": name, "namespace": "zoo"},
                    spec={"hard": {"requests.cpu": hard}},
                ),
                resource(
                    "kubernetes:apps/v1:StatefulSet",
                    "w",
                    metadata={"name": "w", "namespace": "zoo"},
                    spec={"template": {"spec": pod}},
                ),
            ),
            pods=(),
        )

    return make


def test_nothing_is_said_where_nothing_changes(plan: Callable[..., Plan]) -> None:
    assert as_markdown(plan("a/b:v1"), plan("a/b:v1")) == ""


def test_faults_sums_and_new_images_are_shown(plan: Callable[..., Plan]) -> None:
    text = as_markdown(plan("a/b:v1"), plan("a/b:v1", "a/c:v2", cpu="2"))
    assert "<details open><summary><b>1 quota fault</b></summary>" in text
    assert "namespaces.zoo.quota.cpu: is 2, and its pods ask for 4 at one time" in text
    assert "<b>quota sums that change (1)</b>" in text
    assert "4 of 2" in text
    assert "<b>new images (1)</b>" in text
    assert "tag     a/c:v2  StatefulSet zoo/w" in text


def test_a_base_without_declared_pods_is_not_compared(plan: Callable[..., Plan]) -> None:
    base = replace(plan(), pods=None)
    assert as_markdown(base, plan("a/b:v1")) == ""


def test_a_stranger_cannot_leave_the_block_or_fill_the_comment(plan: Callable[..., Plan]) -> None:
    hostile = [f"a/b:v{i}```\n# Approved @everyone" for i in range(50)]
    text = as_markdown(plan(), plan(*hostile, hard="100", name="```\n@everyone"))
    assert "```\n# Approved" not in text
    assert "\n@everyone" not in text
    assert f"and {50 - MOST_LINES} more: `agentic plan` has all" in text
