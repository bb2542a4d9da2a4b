"""Ctrl-C during `up`: the command ends cleanly, and the next run continues. Engine, our provider."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agentic.sandbox.engine import Engine
from tests.engine.conftest import ROOT, Sandboxes
from tests.engine.small_program import small

RUN = "from agentic.cli.main import main; main()"
PROGRAM = "from tests.engine.small_program import small\n\nsmall(namespaces=6)()\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose program is the miniature one, under the dev stack's own config."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "components", "stacks"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return tmp_path


def test_an_interrupted_up_exits_130_says_how_to_go_on_and_loses_nothing(
    checkout: Path, engine: Engine, sandboxes: Sandboxes
) -> None:
    command = subprocess.Popen(
        # Each call takes a while: a machine on which we hear late of the first subnet is not done by then.
        [sys.executable, "-c", RUN, "sandbox", "up", "dev", "--fault", "slow=0.3"],
        cwd=checkout,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PATH": f"{engine.path.parent}:{os.environ['PATH']}",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert command.stdout is not None
    lines: list[str] = []
    for line in command.stdout:
        lines.append(line)
        if "created" in line and "aws:ec2/subnet" in line:
            # As a terminal does: to the whole group, the engine and its plugins included.
            os.killpg(command.pid, signal.SIGINT)
            break
    said = "".join(lines) + command.communicate()[0]
    assert command.wait(timeout=60) == 130, said
    assert "interrupted: finishing what is under way" in said
    assert "Traceback" not in said

    sandboxes.directory = checkout
    resumed = sandboxes.of("dev", small(namespaces=6))
    assert set(resumed.up().changes) == {"create"}
    assert resumed.inventory().counts()["Namespace (cluster)"] == 6
    assert resumed.preview().is_empty
    resumed.destroy()
    assert resumed.inventory().lines() == []
