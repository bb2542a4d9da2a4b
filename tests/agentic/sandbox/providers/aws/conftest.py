"""The aws provider before a real moto server, for all tests of the rows."""

from __future__ import annotations

import pytest

from agentic.sandbox.providers.database import Database
from tests.agentic.sandbox.providers.aws.scene import DEFAULT_TAGS, Scene, provider


@pytest.fixture(scope="session")
def scene(moto: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The aws provider with default tags, and shared things."""
    database = Database(tmp_path_factory.mktemp("store"))
    return Scene(provider(database, moto, defaultTags={"tags": DEFAULT_TAGS}))
