from __future__ import annotations

import pytest

from agentic.sandbox.loopback import ask_directly

OURS = "127.0.0.1,localhost"


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ({}, {"NO_PROXY": OURS, "no_proxy": OURS}),
        (
            {"NO_PROXY": "corp.example, 10.0.0.1"},
            {
                "NO_PROXY": "corp.example,10.0.0.1,127.0.0.1,localhost",
                "no_proxy": "corp.example,10.0.0.1,127.0.0.1,localhost",
            },
        ),
        ({"no_proxy": OURS}, {"NO_PROXY": OURS, "no_proxy": OURS}),
        ({"no_proxy": "*"}, {"no_proxy": "*"}),
    ],
    ids=["nothing", "a list in capitals", "this machine already", "everybody"],
)
def test_this_machine_is_added_to_whoever_was_there(there: dict[str, str], then: dict[str, str]) -> None:
    ask_directly(there)
    assert there == then
    ask_directly(there)
    assert there == then, "once is enough"
