"""What a commit is stopped for, and that the message never repeats the secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
REFUSE = ROOT / "scripts" / "refuse-secrets"

SECRETS = [
    ("AKIA" + "ABCDEFGHIJKLMNOP", "an AWS access key id"),
    ("-----BEGIN " + "RSA PRIVATE KEY-----", "a private key"),
    ("ghp_" + "a" * 36, "a GitHub token"),
    ("pul-" + "0" * 40, "a Pulumi token"),
    ("sk-proj-" + "Ab1" * 12, "an API key"),
]


@pytest.mark.parametrize(("secret", "what"), SECRETS)
def test_what_looks_like_a_credential_is_named_by_place_only(
    tmp_path: Path, run_script: Any, secret: str, what: str
) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(f"a: 1\nb: {secret}\n")
    done = run_script(REFUSE, path)
    assert done.returncode == 1
    assert done.stdout == f"{path}:2: looks like {what}\n"
    assert secret not in done.stdout + done.stderr


def test_a_line_that_says_it_is_none_passes(tmp_path: Path, run_script: Any) -> None:
    path = tmp_path / "test.py"
    path.write_text(f"key = '{SECRETS[0][0]}'  # not a secret\n")
    assert run_script(REFUSE, path).returncode == 0


def test_every_hook_is_ours_and_exists() -> None:
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in configuration["repos"]] == ["local"]
    makefile = (ROOT / "Makefile").read_text()
    for hook in configuration["repos"][0]["hooks"]:
        program, _, rest = hook["entry"].partition(" ")
        assert hook["language"] == "system"
        if program == "make":
            assert f"\n{rest}:" in makefile, hook["id"]
        elif not program.startswith(".venv"):
            assert (ROOT / program).stat().st_mode & 0o111, hook["id"]


@pytest.mark.parametrize("ok", [True, False], ids=["valid", "faulty"])
def test_a_stack_file_is_checked_by_the_command(
    tmp_path: Path, stand_in: Any, run_script: Any, ok: bool
) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    agentic = stand_in("agentic", f'echo "checked $*"; exit {0 if ok else 1}')
    (tmp_path / ".venv" / "bin" / "agentic").symlink_to(agentic)
    (tmp_path / "Pulumi.dev.yaml").touch()
    (tmp_path / "Pulumi.prod.yaml").touch()
    done = run_script(ROOT / "scripts" / "check-stack-files")
    assert done.stdout == "checked config check dev\nchecked config check prod\n"
    assert done.returncode == (0 if ok else 1)
