"""`kill -9` of the engine at many points, then resume: nothing is lost and nothing doubled. Engine, our provider."""

from __future__ import annotations

import random

import pytest

from agentic.sandbox.session import Options, Sandbox
from tests.engine.conftest import Sandboxes
from tests.engine.killing import SLOW, run_until_done


@pytest.fixture(scope="module")
def undisturbed(shared_sandboxes: Sandboxes) -> dict[str, int]:
    """What one clean run makes, by kind."""
    sandbox = shared_sandboxes.small("clean")
    sandbox.up()
    counts = sandbox.inventory().counts()
    sandbox.destroy()
    return counts


@pytest.mark.parametrize("seed", [1, 2])
def test_an_up_that_is_killed_again_and_again_makes_everything_once(
    sandboxes: Sandboxes, undisturbed: dict[str, int], seed: int
) -> None:
    slow = Options(faults=SLOW)
    kills, _ = run_until_done(
        sandboxes.small(options=slow), Sandbox.up, random.Random(seed), most_kills=6, step=9
    )
    sandbox = sandboxes.small()
    assert kills >= 3, "the engine was hardly ever killed: the test proves nothing"
    assert sandbox.inventory().counts() == undisturbed
    assert sandbox.preview().is_empty
    assert sandbox.refresh().is_empty
    assert not sandbox.state.pending


@pytest.mark.parametrize("seed", [3, 4])
def test_a_destroy_that_is_killed_again_and_again_leaves_nothing(sandboxes: Sandboxes, seed: int) -> None:
    sandboxes.small().up()
    sandbox = sandboxes.small(options=Options(faults=SLOW))
    kills, _ = run_until_done(sandbox, Sandbox.destroy, random.Random(seed), most_kills=6, step=6)
    assert kills >= 3, "the engine was hardly ever killed: the test proves nothing"
    assert sandbox.inventory().lines() == []
    assert sandbox.state.resources == ()
