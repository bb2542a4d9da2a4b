"""The dev stack itself on the real engine, once up and once down. Engine, our provider: not AWS, not a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from agentic.plan.capture import capture_stack
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.session import Sandbox
from tests.agentic.plan.test_stack_delta import MAKERS, SHARED_LISTS
from tests.engine.conftest import ROOT, Sandboxes

PROGRAM = ("__main__.py", "Pulumi.yaml", "stacks", "components")


@pytest.fixture(scope="module")
def dev(shared_sandboxes: Sandboxes) -> Sandbox:
    return shared_sandboxes.stack("dev")


@pytest.fixture(scope="module")
def previewed(dev: Sandbox) -> Outcome:
    return dev.preview()


@pytest.fixture(scope="module")
def up(dev: Sandbox, previewed: Outcome) -> Sandbox:
    assert set(previewed.changes) == {"create"}
    dev.up()
    return dev


def test_the_plan_and_the_engine_agree_on_what_there_will_be(previewed: Outcome) -> None:
    planned = {resource.urn for resource in capture_stack("dev", ROOT).resources}
    engine = {step.urn for step in previewed.of("create")}
    # The engine makes default providers and a stack resource by itself.
    own = {urn for urn in engine if "::pulumi:providers:" in urn or "::pulumi:pulumi:Stack::" in urn}
    assert planned - engine == set()
    assert engine - planned <= own


def test_a_second_preview_is_empty(up: Sandbox) -> None:
    outcome = up.preview()
    assert outcome.steps == ()
    assert outcome.is_empty


def test_a_refresh_finds_no_drift(up: Sandbox) -> None:
    assert [(step.op, step.name, step.paths) for step in up.refresh().steps] == []


def test_one_tenant_more_is_only_that_tenant_and_its_line_in_the_shared_lists(
    up: Sandbox, shared_sandboxes: Sandboxes, tmp_path: Path
) -> None:
    # First by name: the smoke test stays where the stack file says.
    root = _checkout_with(
        tmp_path,
        {"    tenants:\n": '    tenants:\n      alpha: {owner: team-alpha, cost_center: "4720"}\n'},
    )
    grown = shared_sandboxes.stack("dev", root)
    planned = grown.preview()
    assert planned.changes.keys() == {"create", "update", "replace"}
    assert [step.name for step in planned.of("create") if "alpha" not in step.name] == []
    # In place, and nothing restarts: tests/agentic/plan/test_stack_delta.py says which of their properties.
    # A plan does not know how the provider is set: this one replaces a ConfigMap whose content changes.
    contents = {"relay-scripts"}
    assert {step.name for step in planned.of("update")} == set(SHARED_LISTS) - contents
    assert {step.name for step in planned.of("replace")} == MAKERS | contents


def test_destroy_leaves_neither_aws_nor_cluster_objects(up: Sandbox) -> None:
    assert up.inventory().counts()["EKS cluster"] == 1
    assert set(up.destroy().changes) == {"delete"}
    assert up.inventory().lines() == []
    assert up.state.resources == ()


def _checkout_with(directory: Path, edits: Mapping[str, str]) -> Path:
    for name in PROGRAM:
        (directory / name).symlink_to(ROOT / name)
    text = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    (directory / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    return directory
