"""One real moto server for all tests of the aws rows, stopped by its pid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentic.sandbox import aws_server
from agentic.sandbox.layout import Layout
from agentic.sandbox.providers.database import Database
from tests.agentic.sandbox.providers.aws.scene import ACCOUNT, DEFAULT_TAGS, Scene, provider


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a moto server on loopback."""
    layout = Layout(tmp_path_factory.mktemp("moto"), "rows")
    server = aws_server.start(layout, ACCOUNT)
    yield server.url
    assert aws_server.stop(layout)


@pytest.fixture(scope="session")
def scene(moto: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The aws provider with default tags, and shared things."""
    database = Database(tmp_path_factory.mktemp("store"))
    return Scene(provider(database, moto, defaultTags={"tags": DEFAULT_TAGS}))
