"""The pods of a plan's releases are those the plan records, and what is missing is said."""

from __future__ import annotations

from dataclasses import replace

from agentic.rehearsal.declared import of_plan
from components.charts.pods import Workload
from tests.agentic.rehearsal.conftest import PlanOf
from tests.agentic.rehearsal.test_pods import CLASS

RELEASE = {"name": "relay", "chart": "relay", "version": "1", "namespace": "ai-gateway"}
IS_RELEASE = {0: "kubernetes:helm.sh/v3:Release", 1: "kubernetes:helm.sh/v3:Release"}


def test_the_pods_are_those_of_the_plan(plan_of: PlanOf) -> None:
    plan = replace(plan_of(RELEASE, types=IS_RELEASE), pods=(CLASS,))
    assert of_plan(plan).pods == (CLASS,)
    assert of_plan(plan).notes == ()


def test_a_plan_that_records_none_gets_a_note(plan_of: PlanOf) -> None:
    declared = of_plan(plan_of(RELEASE, types=IS_RELEASE))
    assert declared.pods == ()
    assert declared.notes == ("pods of releases are not tried: the plan does not say which there are",)


def test_a_release_without_pods_is_named_and_one_of_nothing_but_definitions_is_not(plan_of: PlanOf) -> None:
    definitions = {**RELEASE, "name": "crds", "chart": "oci://public.ecr.aws/karpenter/karpenter-crd"}
    plan = replace(plan_of(RELEASE, definitions, types=IS_RELEASE), pods=())
    assert of_plan(plan).notes == ("declares no pods, none tried: relay",)


def test_what_the_plan_holds_itself_is_not_tried_twice(plan_of: PlanOf) -> None:
    own = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "relay", "namespace": "ai-gateway"},
    }
    other = replace(CLASS, kind=Workload.STATEFUL_SET)
    assert of_plan(replace(plan_of(own), pods=(CLASS, other))).pods == (other,)
