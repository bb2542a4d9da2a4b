"""The comment is made from what a stranger may have written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agentic.errors import OperatorError
from agentic.ops.preview_comment import LONGEST_COMMENT, MARKER, comment
from agentic.plan.files import save
from agentic.plan.model import Plan, Resource


def resource(name: str, stack: str = "dev", **inputs: Any) -> Resource:
    kind = "aws:ec2/vpc:Vpc"
    return Resource(
        urn=f"urn:pulumi:{stack}::agentic-platform::{kind}::{name}", type=kind, name=name, inputs=inputs
    )


def write(
    directory: Path, side: str, *resources: Resource, stack: str = "dev", as_name: str | None = None
) -> None:
    plan = Plan(project="agentic-platform", stack=stack, resources=resources)
    save(plan, directory / side / f"{as_name or stack}.json")


def outside_code(markdown: str) -> str:
    """Return what GitHub would render, code blocks removed."""
    return re.sub(r"(?ms)^(`{3,})[a-z]*\n.*?^\1$", "", markdown)


def test_the_first_line_is_the_marker_it_is_found_by(tmp_path: Path) -> None:
    write(tmp_path, "head", resource("network"))
    assert comment(tmp_path).splitlines()[0] == MARKER == "<!-- agentic-platform:preview -->"


def test_a_stack_without_a_base_is_all_creates_and_one_without_a_head_all_deletes(tmp_path: Path) -> None:
    write(tmp_path, "head", resource("network"))
    write(tmp_path, "base", resource("network", "prod"), stack="prod")
    text = comment(tmp_path)
    assert "### Plan of `agentic-platform/dev`\n\n1 to create" in text
    assert "### Plan of `agentic-platform/prod`\n\n1 to delete" in text


def test_no_change_is_said(tmp_path: Path) -> None:
    for side in ("base", "head"):
        write(tmp_path, side, resource("network"))
    assert "no change, 1 unchanged" in comment(tmp_path)


def test_a_head_that_does_not_capture_shows_its_message(tmp_path: Path) -> None:
    write(tmp_path, "base", resource("network"))
    (tmp_path / "head").mkdir()
    (tmp_path / "head" / "dev.error.txt").write_text(
        "agentic: Pulumi.dev.yaml: 1 fault\n  tenants.a: no owner"
    )
    text = comment(tmp_path)
    assert "The head has no plan:" in text
    assert "tenants.a: no owner" in text


def test_a_message_cannot_leave_its_block(tmp_path: Path) -> None:
    (tmp_path / "head").mkdir()
    hostile = "```\n# Approved by @everyone ![](https://tracker.example/x)\n`````\n<img src=x>\x1b[31m"
    (tmp_path / "head" / "dev.error.txt").write_text(hostile)
    text = comment(tmp_path)
    assert "@everyone" in text
    assert "@everyone" not in outside_code(text)
    assert "<img" not in outside_code(text)
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "hostile",
    ["```\n@everyone", "`````\n@everyone", "</details>@everyone", "\n\n@everyone <!-- x", "~~~\n@everyone"],
)
def test_a_plan_cannot_leave_its_block(tmp_path: Path, hostile: str) -> None:
    write(tmp_path, "base", resource("network", tags={"a": "b"}, note="x"), resource("plain"))
    write(
        tmp_path, "head", resource("network", tags={hostile: hostile}, note=hostile), resource(f"n{hostile}")
    )
    text = comment(tmp_path)
    assert "@everyone" in text
    assert "@everyone" not in outside_code(text)


def test_a_plan_that_says_it_is_another_stacks_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "head", resource("network"), stack="dev`\n# hello @everyone", as_name="dev")
    text = comment(tmp_path)
    assert "it is the plan of another project or stack" in text
    assert "@everyone" not in text


@pytest.mark.parametrize(
    "document",
    ["", "{", "[]", '{"format": "agentic-platform/plan"}', "[" * 100_000, '{"a": NaN}', "\x00\xff"],
)
def test_what_is_no_plan_is_said_and_stops_nothing_else(tmp_path: Path, document: str) -> None:
    write(tmp_path, "head", resource("network", "prod"), stack="prod")
    (tmp_path / "head" / "dev.json").write_text(document)
    text = comment(tmp_path)
    assert "The captured plans cannot be compared" in text
    assert "### Plan of `agentic-platform/prod`\n\n1 to create" in text


def test_a_plan_that_makes_no_sense_is_said_without_quoting_it(tmp_path: Path) -> None:
    write(tmp_path, "head", resource("network"))
    path = tmp_path / "head" / "dev.json"
    document = json.loads(path.read_text())
    document["resources"][0]["options"] = {
        "deleted_with": {"@everyone": 1},
        "aliases": 3,
        "ignore_changes": 1,
    }
    path.write_text(json.dumps(document))
    assert "@everyone" not in outside_code(comment(tmp_path))


@pytest.mark.parametrize(
    "name", ["head/dev.sh", "dev.json", "head/../x.json", "head/DEV.json", "other/dev.json"]
)
def test_a_file_that_has_no_business_there_refuses_the_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    with pytest.raises(OperatorError, match="is no captured plan"):
        comment(tmp_path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "head").mkdir()
    (tmp_path / "head" / "dev.json").symlink_to("/etc/passwd")
    with pytest.raises(OperatorError, match=r"'head/dev\.json' is no captured plan"):
        comment(tmp_path)


def test_too_many_and_too_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentic.ops.preview_comment.LARGEST_FILE", 10)
    write(tmp_path, "head", resource("network"))
    with pytest.raises(OperatorError, match=r"head/dev\.json is larger than 10 bytes"):
        comment(tmp_path)
    monkeypatch.setattr("agentic.ops.preview_comment.MOST_FILES", 0)
    with pytest.raises(OperatorError, match="1 files; at most 0 are read"):
        comment(tmp_path)


def test_the_comment_fits_and_says_what_it_left_out(tmp_path: Path) -> None:
    for stack in ("dev", "prod", "staging"):
        write(
            tmp_path, "head", *(resource(f"vpc-{n}", stack, cidr="x" * 100) for n in range(800)), stack=stack
        )
    text = comment(tmp_path)
    assert len(text) <= LONGEST_COMMENT
    assert "Too long to show" in text
    assert all(f"### Plan of `agentic-platform/{stack}`" in text for stack in ("dev", "prod", "staging"))
