from __future__ import annotations

import pytest

from tests.docs.not_run import NOT_RUN, reason
from tests.docs.pages import PAGES, ROOT, Change, Command, blocks, commands, line, steps
from tests.docs.scratch import COPIED, merged

TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
RUN = "agentic "
PAGE = """\
Words.

<!-- change: Pulumi.dev.yaml -->
```yaml
    tenants:
      acme: {owner: a}
```

<!-- given: Pulumi.prod.yaml: {data: {cache: {mode: off}}} -->

1. In a list:

   ```console
   $ agentic plan dev --out a.json    # on main
   $ agentic diff a.json \\
       b.json
   1 to create, ...

   more
   ```

```yaml
ignored: true
```
"""


def test_a_page_is_a_script_of_changes_and_commands() -> None:
    assert steps(PAGE) == [
        Change("Pulumi.dev.yaml", {"tenants": {"acme": {"owner": "a"}}}, 4),
        Change("Pulumi.prod.yaml", {"data": {"cache": {"mode": False}}}, 9),
        Command("agentic plan dev --out a.json    # on main", "", 14),
        Command("agentic diff a.json \\\n    b.json", "1 to create, ...\n\nmore\n", 15),
    ]


def test_a_change_is_merged_key_by_key() -> None:
    old = {"tenants": {"a": {"gpus": {"l4": 4}}, "b": {}}, "zones": [1, 2]}
    assert merged(old, {"tenants": {"a": {"gpus": {"l4": 2}}, "c": {}}, "zones": [3]}) == {
        "tenants": {"a": {"gpus": {"l4": 2}}, "b": {}, "c": {}},
        "zones": [3],
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_run_or_stands_in_the_table_of_those_that_are_not(page: str) -> None:
    neither = [
        f"{page}:{command.line}: $ {command.text}"
        for command in commands(TEXTS[page])
        if reason(command.text) is None and not command.text.startswith(RUN)
    ]
    assert neither == [], "neither `agentic ...` nor in tests/docs/not_run.py"


def test_the_table_has_no_command_that_no_page_has() -> None:
    shown = [command.text for page in PAGES for command in commands(TEXTS[page])]
    assert [begin for begin in NOT_RUN if not any(f"{one} ".startswith(f"{begin} ") for one in shown)] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_stand_behind_a_prompt_in_a_console_block(page: str) -> None:
    odd = [
        f"{page}:{line(block)}"
        for block in blocks(TEXTS[page])
        if block.info in ("sh", "bash", "shell")
        or (block.info == "console" and not block.content.startswith("$ "))
    ]
    assert odd == [], "a block of commands is ```console, and each command begins with `$ `"


@pytest.mark.parametrize("page", PAGES)
def test_a_marked_block_changes_a_stack_file_that_there_is(page: str) -> None:
    changes = [step for step in steps(TEXTS[page]) if isinstance(step, Change)]
    assert {change.file for change in changes} <= set(COPIED)
    marks = TEXTS[page].count("<!-- change:") + TEXTS[page].count("<!-- given:")
    assert len(changes) == marks, "`change:` stands right above its block, `given:` is one line of {...}"


@pytest.mark.parametrize(
    "page", ["gateway", "models", "relay", "tools", "agents", "vectors", "onboarding-a-tenant"]
)
def test_a_layers_page_has_a_worked_change_that_is_run(page: str) -> None:
    script = steps(TEXTS[f"docs/{page}.md"])
    first = next((at for at, step in enumerate(script) if isinstance(step, Change)), len(script))
    run = [step.text for step in script[first:] if isinstance(step, Command)]
    for command in ("agentic config check dev", "agentic plan dev --out ", "agentic diff "):
        assert [one for one in run if one.startswith(command)], command
