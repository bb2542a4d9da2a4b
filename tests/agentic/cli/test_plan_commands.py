from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from agentic.cli.main import run
from agentic.plan import files
from agentic.plan.model import Plan

ROOT = Path(__file__).parents[3]
QUOTA = "kubernetes:core/v1:ResourceQuota"


@pytest.fixture(autouse=True)
def _collector_as_it_was() -> Generator[None]:
    yield
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def saved(tmp_path: Path, stack_plan: Callable[[str], Plan]) -> Path:
    path = tmp_path / "dev.json"
    files.save(stack_plan("dev"), path)
    return path


@pytest.fixture
def changed(saved: Path) -> Path:
    path = saved.with_name("changed.json")
    path.write_text(saved.read_text().replace('"retentionInDays":30', '"retentionInDays":31'))
    return path


def test_a_plan_is_summed_up_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stack_plan: Callable[[str], Plan]
) -> None:
    out = tmp_path / "plan.json"
    assert run(["plan", "dev", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("agentic-platform/dev: ")
    assert said.err == f"written to {out}\n"
    assert files.load(out) == stack_plan("dev")


def test_a_summary_as_json_is_nothing_but_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "dev", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["stack"] == "dev"


def test_an_unknown_stack_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "nowhere"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "there is no stack 'nowhere'; this project has: dev, prod, staging" in said.err
    assert "Traceback" not in said.err


def test_manifests_are_written(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "manifests"
    assert run(["manifests", str(saved), "--out", str(out)]) == 0
    written = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert capsys.readouterr().out == f"{len(written)} files in {out}\n"
    assert (out / "releases.json").is_file()
    assert (out / "karpenter.values.yaml").is_file()


def test_manifests_do_not_mix_with_files_of_others(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["manifests", str(saved), "--out", str(tmp_path)]) == 1
    assert "it holds files that this command did not write" in capsys.readouterr().err
    assert run(["manifests", str(saved), "--out", str(tmp_path), "--force"]) == 0


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--exit-code"], 1)])
def test_a_difference_is_an_exit_code_only_when_asked(
    saved: Path, changed: Path, options: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", str(saved), str(changed), *options]) == code
    assert "retentionInDays: 30 -> 31" in capsys.readouterr().out


def test_no_difference_is_success(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", str(saved), str(saved), "--exit-code"]) == 0
    assert "no change" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "start"), [("json", "{"), ("markdown", "### Plan of"), ("text", "agentic-platform/dev -> ")]
)
def test_a_difference_is_told_in_three_forms(
    saved: Path, changed: Path, form: str, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", str(saved), str(changed), "--format", form]) == 0
    assert capsys.readouterr().out.startswith(start)


def test_a_truncated_plan_is_one_clear_error(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved.write_text(saved.read_text()[:1000])
    assert run(["diff", str(saved), str(saved)]) == 1
    said = capsys.readouterr().err
    assert "it is cut short or is no JSON" in said
    assert "remedy: capture it again: agentic plan <env> --out plan.json" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["plan", "manifests", "diff", "bench"])
def test_help_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert f"Example: agentic {command}" in capsys.readouterr().out


def test_a_tenant_count_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--tenants", "many"]) == 2
    assert "'many' holds no number" in capsys.readouterr().err


def test_help_does_not_pay_for_the_cloud_sdks() -> None:
    script = (
        "import sys; from agentic.cli.main import run; run(['--help']);"
        "print([name for name in sys.modules if name.split('.')[0] in ('pulumi', 'pulumi_aws', 'boto3')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_reading_plans_does_not_pay_for_them_either(saved: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from agentic.cli.main import run;"
        f"run(['diff', {str(saved)!r}, {str(saved)!r}]); run(['manifests', {str(saved)!r}, '--out', 'out']);"
        "print([name for name in sys.modules if name.split('.')[0] in ('pulumi', 'pulumi_aws', 'boto3')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_images_are_listed_instead_of_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "dev", "--images"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("images (")
    assert "public.ecr.aws/karpenter/controller:" in said
    assert run(["plan", "dev", "--images", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["moving"] == 0


def test_a_quota_that_does_not_hold_its_pods_ends_with_three_and_the_plan_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    stack_plan: Callable[[str], Plan],
) -> None:
    tight = {"requests.cpu": "100m", "limits.cpu": "200m"}
    resources = [
        replace(one, inputs={**one.inputs, "spec": {"hard": tight}})
        if one.type == QUOTA and one.section("metadata").get("namespace") == "cert-manager"
        else one
        for one in stack_plan("dev")
    ]
    plan = replace(stack_plan("dev"), resources=tuple(resources))
    monkeypatch.setattr("agentic.plan.capture.capture_stack", lambda _stack, _root: plan)
    assert run(["plan", "dev", "--out", str(tmp_path / "dev.json")]) == 3
    said = capsys.readouterr().err
    assert (
        "agentic: Pulumi.dev.yaml: namespaces.cert-manager.quota.cpu: is 100m, and its pods ask for" in said
    )
    assert "raise it to at least" in said
    assert (tmp_path / "dev.json").is_file()
