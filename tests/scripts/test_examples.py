"""Examples have locks of their own that hold nothing loosely, and images that stand on what the platform runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from components.agents.render import AGENT_UID
from components.charts.images import PYTHON

ROOT = Path(__file__).parents[2]
EXAMPLES = [path.name for path in sorted((ROOT / "examples").iterdir()) if path.is_dir()]
LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_address(example: str, lock: str) -> None:
    text = (ROOT / "examples" / example / lock).read_text()
    assert "://" not in text
    blocks = [block for block in re.split(r"(?m)^(?=[a-z0-9])", text) if re.match(r"[a-z0-9]", block)]
    assert len(blocks) > 20
    assert [
        one.split()[0] for one in blocks if "==" not in one.split()[0] or "--hash=sha256:" not in one
    ] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_tested_is_what_the_image_holds(example: str) -> None:
    held, tested = (
        set(
            re.findall(
                r"(?m)^([a-z0-9._-]+(?:\[[a-z,-]+\])?==\S+)", (ROOT / "examples" / example / lock).read_text()
            )
        )
        for lock in LOCKS
    )
    assert held - tested == set()


def test_the_image_stands_on_the_platforms_python_and_runs_as_agents_do() -> None:
    text = (ROOT / "examples" / "rag" / "Containerfile").read_text()
    assert set(re.findall(r"(?m)^FROM (\S+)", text)) == {f"{PYTHON.repository}:{PYTHON.tag}"}
    assert f"USER {AGENT_UID}:{AGENT_UID}" in text
    assert "--require-hashes" in text


def test_an_example_that_is_not_there_fails_and_where_that_is_allowed_only_says_so() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "examples.py"), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    failed = run("nothing")
    assert failed.returncode == 1
    assert "examples/nothing: no environment, so its tests do not run" in failed.stderr
    assert run("nothing", "--optional").returncode == 0
