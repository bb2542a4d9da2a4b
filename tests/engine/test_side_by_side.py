"""Two sandboxes at once, and two runs on one: neither disturbs the other. Engine, our provider."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agentic.sandbox.errors import SandboxError
from agentic.sandbox.lock import exclusive
from tests.engine.conftest import Sandboxes


def test_two_sandboxes_have_servers_stores_and_states_of_their_own(sandboxes: Sandboxes) -> None:
    one, other = sandboxes.small("one"), sandboxes.small("other", namespaces=1)
    one.up()
    other.up()
    assert one.server is not None
    assert other.server is not None
    assert one.server.url != other.server.url
    assert one.inventory().counts()["Namespace (cluster)"] == 3
    assert other.inventory().counts()["Namespace (cluster)"] == 1
    one.destroy()
    assert one.inventory().is_empty
    assert other.preview().is_empty


def test_a_second_run_on_one_sandbox_is_refused_and_told_who_is_running(
    sandboxes: Sandboxes, tmp_path: Path
) -> None:
    sandbox = sandboxes.small()
    with exclusive(sandbox.layout.lock, "agentic sandbox up test"), ThreadPoolExecutor(1) as pool:
        refused = pool.submit(sandbox.up)
        with pytest.raises(SandboxError) as busy:
            refused.result(timeout=60)
    assert "is in use by `agentic sandbox up test` (pid " in str(busy.value)
