"""What the tests of the providers share: a store, and one real moto server, stopped by its pid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentic.sandbox import aws_server
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path)


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a moto server on loopback."""
    layout = Layout(tmp_path_factory.mktemp("moto"), "rows")
    server = aws_server.start(layout, "123123123123")
    yield server.url
    assert aws_server.stop(layout)
