"""Both sides of a pull request are captured, and a side that has no plan says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CAPTURE = ROOT / "scripts" / "capture-stacks"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout of two stacks whose `agentic` captures dev and refuses prod."""
    directory = tmp_path / "checkout"
    (directory / ".venv" / "bin").mkdir(parents=True)
    agentic = directory / ".venv" / "bin" / "agentic"
    agentic.write_text(
        '#!/bin/sh\necho "{}" > "$4"\n'
        '[ "$2" = dev ] || { echo "agentic: Pulumi.prod.yaml: 1 fault" >&2; exit 1; }\n'
    )
    agentic.chmod(0o755)
    for stack in ("dev", "prod"):
        (directory / f"Pulumi.{stack}.yaml").touch()
    return directory


def contents(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(directory.iterdir())}


def test_each_stack_is_a_plan_or_a_reason(
    checkout: Path, tmp_path: Path, stand_in: Any, run_script: Any
) -> None:
    stand_in("make", "exit 0")
    done = run_script(CAPTURE, checkout, tmp_path / "out" / "head")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out" / "head") == {
        "dev.json": "{}\n",
        "prod.error.txt": "agentic: Pulumi.prod.yaml: 1 fault\n",
    }


def test_a_plan_with_faults_is_a_plan(checkout: Path, tmp_path: Path, stand_in: Any, run_script: Any) -> None:
    stand_in("make", "exit 0")
    agentic = checkout / ".venv" / "bin" / "agentic"
    agentic.write_text('#!/bin/sh\necho "{}" > "$4"\necho "agentic: a quota is too small" >&2\nexit 3\n')
    done = run_script(CAPTURE, checkout, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == {"dev.json": "{}\n", "prod.json": "{}\n"}


def test_a_side_without_an_environment_gives_the_reason_for_every_stack(
    checkout: Path, tmp_path: Path, stand_in: Any, run_script: Any
) -> None:
    stand_in("make", "echo 'No rule to make target setup'; exit 2")
    done = run_script(CAPTURE, checkout, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == {
        "dev.error.txt": "No rule to make target setup\n",
        "prod.error.txt": "No rule to make target setup\n",
    }


def test_a_side_without_stacks_gives_nothing(tmp_path: Path, stand_in: Any, run_script: Any) -> None:
    stand_in("make", "exit 0")
    (tmp_path / "empty").mkdir()
    done = run_script(CAPTURE, tmp_path / "empty", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == {}
