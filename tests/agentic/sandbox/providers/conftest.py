"""What the tests of the providers share: a store, and a way to play a new engine run over the old one's store."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentic.sandbox.providers.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path)
