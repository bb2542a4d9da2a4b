from __future__ import annotations

import email
import os
import subprocess
from pathlib import Path

import pytest

from components.core.user_data import NODE_CONFIG, SHELL, multipart, or_off


def run(commands: str, directory: Path) -> tuple[int, str]:
    """The script's exit code, and what was asked of systemctl."""
    asked = directory / "asked"
    systemctl = directory / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n', encoding="utf-8")
    systemctl.chmod(0o755)
    script = directory / "script"
    script.write_text(or_off(commands), encoding="utf-8")
    done = subprocess.run(
        ["/bin/bash", str(script)],
        env={"PATH": f"{directory}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    return done.returncode, asked.read_text(encoding="utf-8").strip() if asked.exists() else ""


@pytest.mark.parametrize(
    "commands", ["false\n", "false | true\n", "echo $nobody_set_it\n", "no-such-program\n"]
)
def test_a_machine_on_which_something_fails_is_turned_off(commands: str, tmp_path: Path) -> None:
    code, asked = run(commands, tmp_path)
    assert code != 0
    assert asked == "poweroff"


def test_a_machine_on_which_all_goes_well_stays_on(tmp_path: Path) -> None:
    assert run("true\n", tmp_path) == (0, "")


def test_each_part_is_read_as_what_it_is() -> None:
    message = email.message_from_string(
        multipart("b", (SHELL, "true\n"), (NODE_CONFIG, "kind: NodeConfig\n"))
    )
    assert message.is_multipart()
    assert [(one.get_content_type(), one.get_payload()) for one in message.walk()][1:] == [
        ("text/x-shellscript", "true\n"),
        ("application/node.eks.aws", "kind: NodeConfig\n"),
    ]
