"""A real API server for the objects of a component, where its programs are built."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.tools import Tools


@pytest.fixture(scope="module")
def server(programs: Tools) -> Iterator[ApiServer]:
    """One for each module: its tests share the definitions that the first of them brought."""
    with ApiServer(programs) as running:
        yield running
