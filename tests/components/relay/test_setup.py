"""The job that tells LiteLLM everybody's key waits for keys that are on their way, and names those that never come."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.relay.hook.setup import TRIES, keys_of


def test_a_key_that_arrives_later_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "acme").write_text("one\n")
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            (tmp_path / "zeta").write_text("two\n")

    assert keys_of(tmp_path, ("acme", "zeta"), sleep=sleep) == {"acme": "one", "zeta": "two"}
    assert len(waits) == 3


def test_a_key_that_never_comes_is_named(tmp_path: Path) -> None:
    waits: list[float] = []
    with pytest.raises(SystemExit, match="has no key of acme, zeta"):
        keys_of(tmp_path, ("zeta", "acme"), sleep=waits.append)
    assert len(waits) == TRIES - 1
