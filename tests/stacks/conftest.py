"""What the tests of a stack share: a sound file, and a project to break it in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import agentic.plan.capture
from agentic.plan.monitor import Monitor
from stacks.errors import ConfigError
from tests.stacks.project import EXISTING_NETWORK, SOUND, Project, Refused

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sound() -> str:
    """The text of a stack file without a fault."""
    return SOUND


@pytest.fixture
def existing_network() -> str:
    """The `network` section of a VPC that exists, to stand in place of the sound file's."""
    return EXISTING_NETWORK


@pytest.fixture
def platform() -> dict[str, Any]:
    """The sound file's platform object, to change."""
    return YAML(typ="safe").load(SOUND)["config"]["agentic-platform:platform"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project directory; `project.registered` says what its captures registered."""
    for name in ("__main__.py", "Pulumi.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    made = Project(tmp_path)

    class Watched(Monitor):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.monitors.append(self)

    monkeypatch.setattr(agentic.plan.capture, "Monitor", Watched)
    return made


@pytest.fixture
def refused(project: Project) -> Refused:
    """`refused(content, *faults)`: capturing it says exactly these faults, and registers nothing."""

    def check(content: str | bytes, *faults: str) -> None:
        project.write(content)
        with pytest.raises(ConfigError) as refusal:
            project.capture()
        assert refusal.value.faults == faults
        noun = "fault" if len(faults) == 1 else "faults"
        assert str(refusal.value) == "\n  ".join([f"Pulumi.dev.yaml: {len(faults)} {noun}", *faults])
        assert project.registered == []

    return check
