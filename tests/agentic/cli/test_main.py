"""The one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
import typer

from agentic.cli import main as cli
from agentic.errors import OperatorError
from agentic.plan.errors import PlanError
from agentic.sandbox.errors import SandboxError
from stacks.errors import ConfigError

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "agentic.cli.main"]
Install = Callable[[Callable[[], None]], None]


@pytest.fixture
def app_that(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that makes `agentic` a command that does just this."""

    def install(body: Callable[[], None]) -> None:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command()(body)
        monkeypatch.setattr(cli, "make_app", lambda: app)

    return install


@pytest.mark.parametrize(
    "error",
    [
        OperatorError("the bucket is elsewhere", remedy="look"),
        PlanError("plan.json", "it is cut short", "capture it again"),
        SandboxError("the engine is missing", remedy="install it"),
        ConfigError("Pulumi.dev.yaml", ["tenants.a: no owner"]),
        pulumi.RunError("the program said no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_for_the_operator_is_its_text_and_no_traceback(
    app_that: Install, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def body() -> None:
        raise error

    app_that(body)
    assert cli.run([]) == 1
    captured = capsys.readouterr()
    assert captured.err == f"agentic: {error}\n"
    assert captured.out == ""


def test_a_file_that_cannot_be_written_is_named(
    app_that: Install, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def body() -> None:
        (tmp_path / "no" / "such" / "directory.json").write_text("x")

    app_that(body)
    assert cli.run([]) == 1
    assert capsys.readouterr().err.endswith("directory.json: No such file or directory\n")


def test_a_defect_of_ours_keeps_its_traceback_and_says_whose_it_is(app_that: Install) -> None:
    def body() -> None:
        raise KeyError("oops")

    app_that(body)
    with pytest.raises(KeyError) as defect:
        cli.run([])
    assert "a defect in agentic, not in your configuration" in defect.value.__notes__[0]


def test_ctrl_c_is_130(app_that: Install) -> None:
    def body() -> None:
        raise KeyboardInterrupt

    app_that(body)
    assert cli.run([]) == 130


def test_wrong_usage_is_2_and_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["no-such-command"]) == 2
    assert "No such command 'no-such-command'" in capsys.readouterr().err


def test_an_exit_code_of_a_command_is_kept(app_that: Install) -> None:
    def body() -> None:
        raise typer.Exit(3)

    app_that(body)
    assert cli.run([]) == 3


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == "agentic-platform 0.1.0\n"


def test_help_lists_every_command_without_loading_an_sdk() -> None:
    program = (
        "import sys\nfrom agentic.cli.main import run\nassert run(['--help']) == 0\n"
        "print('loaded:', *sorted({'pulumi', 'boto3', 'pydantic', 'grpc', 'networkx'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1].strip() == "loaded:"
    for command in ("plan", "diff", "manifests", "sandbox", "schema", "config", "bootstrap", "docs"):
        assert f" {command} " in done.stdout, command


def test_a_command_without_arguments_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) in (0, 2)
    assert "Usage: agentic" in capsys.readouterr().out + capsys.readouterr().err


def test_a_reader_that_went_away_is_not_an_error() -> None:
    done = subprocess.run(
        ["bash", "-c", '"$0" "$@" | head -c 1 > /dev/null; exit "${PIPESTATUS[0]}"', *COMMAND, "schema"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("place", ["components/core", "tests", "."])
def test_commands_work_from_any_directory_of_the_checkout(place: str) -> None:
    done = subprocess.run(
        [*COMMAND, "config", "check", "dev"],
        cwd=ROOT / place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("Pulumi.dev.yaml: valid"), done.stderr


def test_outside_a_checkout_the_message_says_where_it_looked(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "config", "check", "dev"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{tmp_path}: no Pulumi.yaml with __main__.py here or in any directory above" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_real_ctrl_c_leaves_with_130_and_without_a_traceback() -> None:
    program = (
        "import time, typer\nfrom agentic.cli import main\n"
        "app = typer.Typer(pretty_exceptions_enable=False)\n"
        "@app.command()\ndef wait() -> None:\n    print('ready', flush=True); time.sleep(60)\n"
        "main.make_app = lambda: app\nmain.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=50)
    assert process.returncode == 130
    assert "Traceback" not in errors
