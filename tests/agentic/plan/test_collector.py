from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

from agentic.plan import collector


@pytest.fixture(autouse=True)
def _as_it_was() -> Generator[None]:
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize("enabled", [True, False])
def test_paused_means_no_collection_inside_and_no_trace_outside(enabled: bool) -> None:
    gc.enable() if enabled else gc.disable()
    with collector.paused():
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 0
    assert (gc.isenabled(), gc.get_freeze_count()) == (enabled, 0)


def test_a_failure_inside_starts_the_collector_again() -> None:
    def fail() -> None:
        with collector.paused():
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert gc.isenabled()


def test_one_command_leaves_nothing_to_collect_at_exit() -> None:
    with collector.spared_for_one_command():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
