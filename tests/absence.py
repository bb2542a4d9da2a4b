"""What a tier needs and a machine may lack: skipped in the open, or a failure where the run is there for it."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def is_required() -> bool:
    """Whether this run is there to prove the rehearsal, as `make rehearse` is: nothing may be skipped."""
    return os.environ.get("AGENTIC_API_SERVER_TESTS") == "required"


def absent(reason: str) -> NoReturn:
    """Skip, and say so; a run that is there for these tests fails instead."""
    if is_required():
        pytest.fail(reason)
    pytest.skip(reason)
