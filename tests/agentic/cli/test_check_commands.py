from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentic.cli.check_commands import register
from agentic.plan import files
from agentic.plan.model import Plan, Resource

BUCKET = Resource(
    urn="urn:pulumi:none::agentic-platform::aws:s3/bucket:Bucket::a",
    type="aws:s3/bucket:Bucket",
    name="a",
    inputs={"bucket": "a"},
)


def run(tmp_path: Path, *resources: Resource, options: tuple[str, ...] = ()) -> tuple[int, str]:
    import typer

    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    file = tmp_path / "plan.json"
    # A stack of no file: nothing here depends on the config of this project's stacks.
    files.save(Plan(project="agentic-platform", stack="none", resources=resources), file)
    done = CliRunner().invoke(app, ["check", str(file), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, done.output


def test_a_violation_ends_with_3_and_says_what_to_do(tmp_path: Path) -> None:
    code, output = run(tmp_path, BUCKET)
    assert code == 3
    assert "  violation: aws:s3/bucket:Bucket a\n    no BucketVersioning in the plan" in output
    assert "remedy: give the store its backup" in output


def test_what_no_plan_can_know_fails_only_when_asked_to(tmp_path: Path) -> None:
    code, output = run(tmp_path)
    assert code == 0
    assert "unknown: releases" in output
    assert "note: volumes inside releases are unknown: Pulumi.none.yaml: 1 fault: there is no stack" in output
    assert run(tmp_path, options=("--strict",))[0] == 3


def test_programs_get_json(tmp_path: Path) -> None:
    code, output = run(tmp_path, BUCKET, options=("--format", "json"))
    (report,) = json.loads(output)
    assert (code, report["stack"], report["outcome"]) == (3, "none", "violation")


@pytest.mark.parametrize(("options", "shown"), [((), False), (("--all",), True)])
def test_what_passed_is_shown_on_demand(tmp_path: Path, options: tuple[str, ...], shown: bool) -> None:
    _, output = run(tmp_path, options=options)
    assert ("no credential in plain text" in output) is shown
