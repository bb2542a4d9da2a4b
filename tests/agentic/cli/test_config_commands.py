"""`agentic schema` and `agentic config check`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from agentic.cli.main import run

ROOT = Path(__file__).resolve().parents[3]
STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("Pulumi.yaml", "__main__.py", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_of_the_project_is_valid(
    stack: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["config", "check", stack]) == 0
    assert capsys.readouterr().out.startswith(f"Pulumi.{stack}.yaml: valid; cluster ")


def test_faults_come_all_at_once_and_without_a_traceback(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = checkout / "Pulumi.dev.yaml"
    text = path.read_text().replace("zones: [us-east-1a, us-east-1b, us-east-1c]", "zones: [us-east-1a]")
    path.write_text(text.replace("owner: team-a", "owners: team-a"))
    assert run(["config", "check", "dev"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("agentic: Pulumi.dev.yaml: ")
    assert "aws.zones" in said
    assert "tenants.tenant-a" in said
    assert "Traceback" not in said


def test_an_unknown_stack_is_named_with_those_there_are(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["config", "check", "production"]) == 1
    assert "there is no stack 'production'; this project has: dev" in capsys.readouterr().err


def test_the_schema_is_valid_and_accepts_every_stack_of_the_project(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    for stack in STACKS:
        jsonschema.validate(yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text()), schema)


def test_every_stack_file_tells_editors_where_the_schema_is() -> None:
    for stack in STACKS:
        first = (ROOT / f"Pulumi.{stack}.yaml").read_text().splitlines()[0]
        assert first == "# yaml-language-server: $schema=docs/reference/config.schema.json"
    assert (ROOT / "docs/reference/config.schema.json").is_file()
