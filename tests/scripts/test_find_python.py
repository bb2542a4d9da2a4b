"""Which Python makes the environment, and what is said where there is none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIND = ROOT / "scripts" / "find-python"
Find = Callable[..., "subprocess.CompletedProcess[str]"]
USABLE = f'exec "{sys.executable}" "$@"'


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """Return a function that runs find-python with nothing on PATH but what the test put there."""
    bare = tmp_path / "bare"
    bare.mkdir()

    def run(python: str = "", **candidates: str) -> subprocess.CompletedProcess[str]:
        for name, body in candidates.items():
            path = bare / name.replace("_", ".")
            path.write_text(f"#!/bin/sh\n{body}\n")
            path.chmod(0o755)
        environment = {"PATH": str(bare), "PYTHON": python}
        return subprocess.run(
            ["/bin/sh", FIND], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    return run


def answers(version: str) -> str:
    """Return a Python of this version: refuses what needs a newer one, and tells its version."""
    return f'case "$2" in *platform*) echo {version};; *) exit 1;; esac'


def test_the_oldest_supported_version_is_tried_first(find: Find, tmp_path: Path) -> None:
    done = find(python3_11=USABLE, python3=USABLE)
    assert done.stdout.strip() == str(tmp_path / "bare" / "python3.11")


def test_a_shim_that_cannot_run_is_passed_over(find: Find, tmp_path: Path) -> None:
    done = find(python3_12="echo 'command not found' >&2; exit 127", python3=USABLE)
    assert done.stdout.strip() == str(tmp_path / "bare" / "python3")


def test_the_python_that_is_named_wins(find: Find, tmp_path: Path) -> None:
    done = find("python3.13", python3_11=USABLE, python3_13=USABLE)
    assert done.stdout.strip() == str(tmp_path / "bare" / "python3.13")


def test_an_environment_that_is_there_keeps_its_python(find: Find, tmp_path: Path) -> None:
    base = tmp_path / "bare" / "python3.13"
    venv = tmp_path / ".venv" / "bin" / "python"
    venv.parent.mkdir(parents=True)
    venv.write_text(f"#!/bin/sh\necho {base}\n")
    venv.chmod(0o755)
    assert find(python3_11=USABLE, python3_13=USABLE).stdout.strip() == str(base)


def test_half_an_environment_decides_nothing(find: Find, tmp_path: Path) -> None:
    venv = tmp_path / ".venv" / "bin" / "python"
    venv.parent.mkdir(parents=True)
    venv.symlink_to(sys._base_executable)  # type: ignore[attr-defined]
    assert find(python3_13=USABLE).stdout.strip() == str(tmp_path / "bare" / "python3.13")


def test_an_older_python_is_named_with_its_version_and_what_to_do(find: Find) -> None:
    done = find(python3=answers("3.9.18"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[:3] == [
        "setup: no usable Python found; this project needs Python 3.11 or newer with its venv module.",
        "Found, but too old or without venv and ensurepip:",
        "  python3 is 3.9.18",
    ]
    assert "make setup PYTHON=/path/to/python3.12" in done.stderr


def test_no_python_at_all_is_said_without_a_list(find: Find) -> None:
    done = find()
    assert done.returncode == 1
    assert "Found" not in done.stderr
    assert "no usable Python found" in done.stderr
