"""What the releases of a stack bring is declared: none is left out, and none is declared that is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentic.plan.model import Plan
from agentic.plan.replacements import RELEASE
from components.charts.pins import PINS, Crds
from stacks import config, stack_file
from stacks.pods import declared_pods
from tests.conftest import ROOT

NOT_RELEASES = frozenset({"agents", "queue-workers", "tools", "vectors-bootstrap"})
"""Made by kagent of our objects, by several objects of ours each, and by a job whose name ends with a hash."""


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_release_that_runs_pods_declares_them(stack: str, stack_plan: Callable[[str], Plan]) -> None:
    file = stack_file.read(ROOT, stack)
    plan = stack_plan(stack)
    ours = {
        one.inputs["metadata"]["name"]
        for one in plan
        if one.type.startswith(("kubernetes:apps/v1:", "kubernetes:batch/v1:"))
    }
    pods = declared_pods(config.parse(file.platform, file.path.name))
    declared = {pod.release for pod in pods} - ours - NOT_RELEASES
    without_pods = {pin.chart for pin in PINS if pin.crds is Crds.ONLY}
    installed = {
        release.inputs["name"] for release in plan.all(RELEASE) if release.inputs["chart"] not in without_pods
    }
    assert declared == installed
