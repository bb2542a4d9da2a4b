"""Generated pages are what the code says, or the check fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agentic.cli.main import run
from agentic.docs.text import between, cell, table

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("Pulumi.yaml", "__main__.py", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "README.md").write_text(
        "# X\n\n<!-- generated:layers -->\nold\n<!-- /generated:layers -->\n\nend\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pages_are_written_once_and_then_found_up_to_date(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["docs", "--check"]) == 1
    said = capsys.readouterr().err
    assert "generated pages are stale: README.md, docs/reference/cli.md, docs/reference/config.md" in said
    assert "run `make docs` and commit the result" in said
    assert run(["docs"]) == 0
    assert "wrote docs/reference/layers.md" in capsys.readouterr().out
    assert run(["docs", "--check"]) == 0
    assert run(["docs"]) == 0
    assert capsys.readouterr().out == "every page is up to date\n"
    readme = (checkout / "README.md").read_text()
    assert "old" not in readme
    assert "```mermaid\nflowchart TD\n" in readme
    assert readme.endswith("<!-- /generated:layers -->\n\nend\n")


def test_a_page_edited_by_hand_is_named(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["docs"])
    page = checkout / "docs/reference/cli.md"
    page.write_text(page.read_text() + "by hand\n")
    assert run(["docs", "--check"]) == 1
    assert "generated pages are stale: docs/reference/cli.md\n" in capsys.readouterr().err


def test_the_command_reference_has_every_command_and_no_trailing_space(checkout: Path) -> None:
    run(["docs"])
    page = (checkout / "docs/reference/cli.md").read_text()
    for command in ("plan", "diff", "manifests", "sandbox up", "schema", "config check", "bootstrap", "docs"):
        assert f"`agentic {command}`" in page, command
    assert [line for line in page.splitlines() if line != line.rstrip()] == []


def test_a_page_without_markers_is_left_alone() -> None:
    assert between("no markers here", "layers", "x") == "no markers here"


def test_a_page_with_only_the_first_marker_gets_the_second() -> None:
    page = between("a\n<!-- generated:layers -->\nb\n", "layers", "x")
    assert page == "a\n<!-- generated:layers -->\n\nx\n\n<!-- /generated:layers -->\nb\n"
    assert between(page, "layers", "x") == page


def test_a_cell_cannot_end_its_row() -> None:
    assert cell("a|b\nc") == "a\\|b c"
    assert table(("x", "y"), [("a|b", "c")]).splitlines()[2] == "| a\\|b | c |"
