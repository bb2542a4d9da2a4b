"""What every test can ask for, and the last word on what was not tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentic.plan.capture import Capture, capture_program

ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    # The SDKs warn, at the moment they are imported, about classes that this project does not use.
    config.addinivalue_line("filterwarnings", r"ignore::DeprecationWarning:pulumi_(aws|eks|kubernetes)\..*")


@pytest.fixture(scope="session")
def capture() -> Capture:
    """`plan = capture(lambda: Thing("x", ...))`: the captured plan of a few lines."""
    return capture_program
