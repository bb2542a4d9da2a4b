"""`agentic sandbox` tells the sandbox what the operator asked for, and ends one without an engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentic.cli.main import run
from agentic.sandbox import api_server, aws_server
from agentic.sandbox.errors import SandboxError
from agentic.sandbox.session import Sandbox

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, so that no sandbox of this one is touched."""
    for name in ("pyproject.toml", "Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "stacks", "components"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", ["up", "preview"])
@pytest.mark.parametrize(("options", "wanted"), [([], False), (["--api-server"], True)])
def test_an_api_server_is_asked_for_by_its_option(
    command: str, options: list[str], wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def refuse(sandbox: Sandbox) -> Any:
        asked.append(sandbox.options.api_server)
        raise SandboxError("not today", remedy="none")

    monkeypatch.setattr(Sandbox, "preview", refuse)
    assert run(["sandbox", command, "dev", *options]) == 1
    assert asked == [wanted]


def test_stop_ends_both_servers_and_forgets_what_was_in_them(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped: list[str] = []
    monkeypatch.setattr(aws_server, "stop", lambda layout: stopped.append(f"aws of {layout.stack}"))
    monkeypatch.setattr(api_server, "stop", lambda layout: stopped.append(f"api server of {layout.stack}"))
    state = checkout / ".sandbox" / "dev" / "state"
    state.mkdir(parents=True)
    assert run(["sandbox", "stop", "dev"]) == 0
    assert stopped == ["aws of dev", "api server of dev"]
    assert not state.exists()
    assert "the servers of sandbox dev are stopped" in capsys.readouterr().out
