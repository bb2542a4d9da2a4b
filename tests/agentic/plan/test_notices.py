from __future__ import annotations

from collections.abc import Callable

from agentic.plan import summary_text
from agentic.plan.model import Plan, Resource
from agentic.plan.notices import Notice, notices
from agentic.plan.summary import summary

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]


def test_each_line_of_an_objects_notice_is_one_and_objects_without_have_none(
    resource: Make, plan_of: PlanOf
) -> None:
    said = {"agentic.dev/notice": "is deprecated\nscales to zero: saves 1 GPU"}
    plan = plan_of(
        resource("kubernetes:apps/v1:Deployment", "b", metadata={"name": "tgi", "annotations": said}),
        resource("kubernetes:apps/v1:Deployment", "a", metadata={"name": "quiet"}),
        resource("aws:s3/bucket:Bucket", "bucket"),
    )
    assert notices(plan) == (
        Notice(what="Deployment tgi", text="is deprecated"),
        Notice(what="Deployment tgi", text="scales to zero: saves 1 GPU"),
    )
    text = summary_text.as_text(summary(plan))
    assert "to be known\n  object          notice\n  Deployment tgi  is deprecated\n" in text
    assert '"text": "is deprecated"' in summary_text.as_json(summary(plan))


def test_a_plan_with_nothing_to_say_says_nothing(plan_of: PlanOf) -> None:
    assert "to be known" not in summary_text.as_text(summary(plan_of()))
