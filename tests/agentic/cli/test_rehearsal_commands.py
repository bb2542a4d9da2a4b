"""`agentic rehearse` ends with a code that says what happened, and prints each refusal for people or programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentic.cli import rehearsal_commands
from agentic.cli.main import run
from agentic.crds import provide
from agentic.go_tool import ToolMissing
from agentic.plan import files
from agentic.plan.model import Plan, Resource
from agentic.rehearsal import known_gaps, tools
from agentic.rehearsal.result import Rehearsal, Rejection

CLEAN = Rehearsal(
    stack="test",
    kubernetes="1.35.4",
    definitions=0,
    accepted=("Namespace a",),
    pods=0,
    rejected=(),
    without_schema={},
    opaque=(),
    warnings=(),
)
REFUSED = replace(CLEAN, rejected=(Rejection(what="Pod a/x", urn="urn:x", words="exceeded quota"),))
GAP = replace(CLEAN, without_schema={"example.com/v1 Thing": ("Thing a/x",)})
Rehearse = Callable[..., int]


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}}
    resource = Resource(
        urn="urn:pulumi:test::p::kubernetes:example.com/v1:Thing::x",
        type="kubernetes:example.com/v1:Thing",
        name="x",
        inputs=thing,
    )
    path = tmp_path / "plan.json"
    path.write_text(files.to_json(Plan(project="p", stack="test", resources=(resource,))))
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the definitions and of the tools; nothing is fetched, built or started."""
    found: list[Any] = []

    def definitions(
        _root: Path, directory: Path | None, kinds: set[tuple[str, str]], _say: object
    ) -> list[Any]:
        found.append((directory, kinds))
        return []

    def programs(_root: Path, _say: object, kubernetes: str | None) -> None:
        found.append(kubernetes)

    monkeypatch.delenv("AGENTIC_CRDS", raising=False)
    monkeypatch.setattr(provide, "provide", definitions)
    monkeypatch.setattr(tools, "provide", programs)
    return found


@pytest.fixture
def rehearse(monkeypatch: pytest.MonkeyPatch, plan_file: Path, asked: list[Any]) -> Rehearse:
    """`rehearse(result, option, ...)`: the exit code of `agentic rehearse plan.json` with this result."""

    def command(result: Rehearsal, *options: str) -> int:
        monkeypatch.setattr(rehearsal_commands, "_hold", lambda *_: result)
        return run(["rehearse", str(plan_file), *options])

    return command


def test_a_plan_that_is_accepted_ends_with_zero(
    rehearse: Rehearse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(CLEAN) == 0
    assert "rejected        0" in capsys.readouterr().out


def test_a_refusal_ends_with_three_and_is_printed(
    rehearse: Rehearse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(REFUSED) == 3
    assert "rejected: Pod a/x\n  urn:x\n  exceeded quota\n" in capsys.readouterr().out


def test_a_new_gap_is_said_and_fails_only_where_schemas_are_required(
    rehearse: Rehearse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rehearse(GAP) == 0
    assert "no schema for example.com/v1 Thing, and none of them is a known gap" in capsys.readouterr().err
    assert rehearse(GAP, "--require-schemas") == 3
    monkeypatch.setattr(known_gaps, "KNOWN", {"example.com/v1 Thing": "nobody publishes it"})
    assert rehearse(GAP, "--require-schemas") == 0


def test_programs_get_one_document_with_the_verdict(
    rehearse: Rehearse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(REFUSED, "--format", "json") == 3
    document = json.loads(capsys.readouterr().out)
    assert document["passed"] is False
    assert document["new_gaps"] == []
    assert document["rehearsals"][0]["rejected"][0]["words"] == "exceeded quota"


def test_version_and_definitions_are_asked_for_as_the_operator_says(
    rehearse: Rehearse, asked: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {("example.com/v1", "Thing")}
    rehearse(CLEAN, "--kubernetes", "1.34", "--crds", str(tmp_path))
    assert asked == [(tmp_path, kinds), "1.34"]
    asked.clear()
    monkeypatch.setenv("AGENTIC_CRDS", str(tmp_path))
    rehearse(CLEAN)
    assert asked == [(tmp_path, kinds), None]


def test_a_rehearsal_that_cannot_be_held_ends_with_one(
    rehearse: Rehearse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object) -> None:
        raise ToolMissing("etcd cannot be built: there is no `go` on PATH", remedy="install Go 1.26 or later")

    monkeypatch.setattr(tools, "provide", missing)
    assert rehearse(CLEAN) == 1
    assert "agentic: etcd cannot be built" in capsys.readouterr().err
