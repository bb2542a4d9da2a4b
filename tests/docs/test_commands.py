"""Every command of README.md and docs/*.md runs, in order, in a copy of the stack files, and says what is shown.

A page is a script: its changes and its commands follow one another in one copy. Output is compared where there is
some, without regard to spaces and line breaks; `...` stands for what is left out. A command fails where the shown
output says so (`agentic: `, a violation) and nowhere else.
"""

from __future__ import annotations

import doctest
import gc
from collections.abc import Generator
from pathlib import Path

import pytest

import agentic.plan.capture
from tests.docs.not_run import reason
from tests.docs.pages import PAGES, ROOT, Change, Command, commands, steps
from tests.docs.scratch import PlanCache, Ran, Scratch

FAILURES = ("agentic: ", "violation: ")
SCRIPTS = {page: steps((ROOT / page).read_text(encoding="utf-8")) for page in PAGES}
WITH_COMMANDS = [
    page
    for page, script in SCRIPTS.items()
    if any(isinstance(step, Command) and reason(step.text) is None for step in script)
]
LEFT_OUT = [
    (page, command, why)
    for page in PAGES
    for command in commands((ROOT / page).read_text(encoding="utf-8"))
    if (why := reason(command.text)) is not None
]


@pytest.fixture(scope="module")
def plans() -> PlanCache:
    return PlanCache(agentic.plan.capture.capture_stack)


@pytest.fixture
def scratch(tmp_path: Path, plans: PlanCache, monkeypatch: pytest.MonkeyPatch) -> Generator[Scratch]:
    monkeypatch.setattr(agentic.plan.capture, "capture_stack", plans)
    monkeypatch.setenv("COLUMNS", "200")
    yield Scratch(tmp_path)
    gc.unfreeze()  # `agentic plan` spares itself the collector, as the last thing its process does
    gc.enable()


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_the_commands_of_a_page_say_what_the_page_shows(page: str, scratch: Scratch) -> None:
    wrong: list[str] = []
    for step in SCRIPTS[page]:
        if isinstance(step, Change):
            scratch.change(step)
        elif reason(step.text) is None:
            wrong += fault(f"{page}:{step.line}", step, scratch.run(step))
    assert not wrong, "\n\n".join(["", *wrong])


@pytest.mark.parametrize(
    ("command", "why"),
    [pytest.param(command, why, id=f"{page}:{command.line}") for page, command, why in LEFT_OUT],
)
def test_a_command_that_no_test_runs_is_counted(command: Command, why: str) -> None:
    pytest.skip(f"a page's command {why}")


def fault(where: str, command: Command, ran: Ran) -> list[str]:
    """What the page says wrongly of this command, and what the command says."""
    fails = any(sign in command.output for sign in FAILURES)
    if fails is not bool(ran.code):
        wrong = f"leaves with {ran.code}, and the page shows that it {'fails' if fails else 'does not fail'}"
    elif command.output and not same(command.output, ran.output):
        absent = [
            line
            for line in command.output.splitlines()
            if not same(f"...\n{line}\n...", f"-\n{ran.output}\n-")
        ]
        wrong = "\n".join(
            [
                "the page shows what it does not say:",
                *(absent or ["(these lines, but not next to each other)"]),
            ]
        )
    else:
        return []
    return [f"{where}: $ {command.text}\n{wrong}\nit says:\n{ran.output}"]


def same(shown: str, said: str) -> bool:
    """Whether the output is what is shown, spaces, line breaks and `...` aside."""
    return doctest.OutputChecker().check_output(shown, said, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
