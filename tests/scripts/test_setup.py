"""The environment: made when something changed, resumed when it was interrupted, quick otherwise."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def setup(script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = script("setup")
    venv = tmp_path / ".venv"
    for name in ("requirements-dev.txt", "uv.txt"):
        (tmp_path / name).write_text(f"{name}\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.ruff]\nline-length = 1\n')
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", venv / ".made-from")
    monkeypatch.setattr(module, "LOCK", tmp_path / "requirements-dev.txt")
    monkeypatch.setattr(module, "UV_LOCK", tmp_path / "uv.txt")
    monkeypatch.setattr(module, "MADE_FROM", (tmp_path / "requirements-dev.txt", tmp_path / "uv.txt"))
    return module


@pytest.fixture
def calls(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the record of what was done; nothing is installed."""
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        setup.VENV.mkdir(exist_ok=True)

    monkeypatch.setattr(setup, "make_venv", make_venv)
    monkeypatch.setattr(setup, "install", lambda: done.append("install") or "uv")
    monkeypatch.setattr(setup, "link_project", lambda: done.append("link"))
    return done


def test_a_second_run_does_nothing(setup: ModuleType, calls: list[str]) -> None:
    setup.main()
    assert calls == ["venv", "install", "link"]
    calls.clear()
    setup.main()
    assert calls == []


@pytest.mark.parametrize("name", ["requirements-dev.txt", "uv.txt"])
def test_a_changed_lock_makes_it_anew(setup: ModuleType, calls: list[str], name: str) -> None:
    setup.main()
    calls.clear()
    (setup.ROOT / name).write_text("another==2\n")
    setup.main()
    assert calls == ["venv", "install", "link"]


def test_a_changed_lint_rule_does_not(setup: ModuleType, calls: list[str]) -> None:
    setup.main()
    calls.clear()
    (setup.ROOT / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.ruff]\nline-length = 2\n')
    setup.main()
    assert calls == []


def test_an_interrupted_run_is_not_taken_for_a_finished_one(
    setup: ModuleType, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.main()
    setup.LOCK.write_text("another==2\n")

    def interrupted() -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(setup, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            setup.main()
    assert not setup.STAMP.exists()
    # Back to the old lock: what it said is no longer what is installed.
    setup.LOCK.write_text("requirements-dev.txt\n")
    calls.clear()
    setup.main()
    assert calls == ["venv", "install", "link"]


def test_pip_takes_over_where_uv_cannot_install(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def run(*command: object, env: object = None) -> bool:
        del env
        commands.append([str(part) for part in command])
        return "sync" not in commands[-1]

    monkeypatch.setattr(setup, "run", run)
    assert setup.install() == "pip"
    assert "pip takes over" in capsys.readouterr().out
    assert all("--require-hashes" in command for command in commands)


def test_a_failed_installation_says_what_to_look_at_and_that_it_goes_on(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "run", lambda *_, **__: False)
    with pytest.raises(setup.SetupError, match="Check the network, the package index and the certificates"):
        setup.install()


def test_uv_is_told_what_pip_is_configured_with(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = (
        "global.index-url='https://packages.example/simple'\n"
        "global.extra-index-url='\\nhttps://a.example/simple\\nhttps://b.example/simple'\n"
        ":env:.cert='/etc/ssl/corporate.pem'\nglobal.timeout='5'\n"
    )
    monkeypatch.setattr(setup, "quiet", lambda *_: listing)
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    env = setup.uv_environment()
    assert env["UV_DEFAULT_INDEX"] == "https://packages.example/simple"
    assert env["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert env["SSL_CERT_FILE"] == "/etc/ssl/corporate.pem"


def test_what_uv_was_told_by_name_is_not_overruled(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "quiet", lambda *_: "global.index-url='https://pip.example'\n")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example")
    assert setup.uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example"


def test_half_a_virtualenv_is_made_anew_and_a_whole_one_is_kept(setup: ModuleType) -> None:
    (setup.VENV / "bin").mkdir(parents=True)
    setup.PYTHON.symlink_to(sys.executable)  # interrupted before pip was there
    setup.make_venv()
    done = subprocess.run(
        [setup.PYTHON, "-m", "pip", "--version"], capture_output=True, text=True, check=True
    )
    assert str(setup.VENV) in done.stdout
    marker = setup.VENV / "marker"
    marker.touch()
    setup.make_venv()
    assert marker.exists()
