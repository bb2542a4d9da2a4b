"""The worked changes of docs/observability.md do what the page says they do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agentic.plan.capture import capture_stack
from agentic.plan.diff import diff
from agentic.plan.diff_text import as_text
from agentic.plan.model import Plan
from agentic.plan.quota_faults import quota_faults
from agentic.plan.quota_sums import quota_sums

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "observability.md").read_text()
CHANGES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
LINES = [
    line.strip()
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str], Plan]:
    """`changed(yaml)`: the plan of dev with these lines below its own."""

    def plan(change: str) -> Plan:
        for name in ("Pulumi.yaml", "__main__.py"):
            shutil.copy(ROOT / name, tmp_path / name)
        text = (ROOT / "Pulumi.dev.yaml").read_text().rstrip("\n")
        section = change.split(":")[0]
        assert f"\n{section}:" not in text, (
            f"dev has {section.strip()} now: the page's change does not fit below it"
        )
        (tmp_path / "Pulumi.dev.yaml").write_text(f"{text}\n{change}")
        return capture_stack("dev", tmp_path)

    return plan


def test_the_page_has_the_changes_that_are_tested() -> None:
    assert [change.split(":")[0].strip() for change in CHANGES] == ["observability", "namespaces"]


def test_redaction_retention_and_a_second_gateway(
    changed: Callable[[str], Plan], stack_plan: Callable[[str], Plan]
) -> None:
    delta = as_text(diff(stack_plan("dev"), changed(CHANGES[0])))
    assert "\n2 to update, " in delta
    for line in LINES:
        if line.startswith(("~  update", "values.", "retentionInDays")):
            assert line.removesuffix("{...}") in delta


def test_a_quota_that_is_too_small(changed: Callable[[str], Plan]) -> None:
    (fault,) = quota_faults(quota_sums(changed(CHANGES[1])))
    said = " ".join(line for line in LINES if line).split("Pulumi.dev.yaml: ")[1]
    shown, _, rest = said.partition("...")
    assert str(fault).startswith(shown)
    assert str(fault).endswith(rest.partition(" $ ")[0].lstrip(")"))


def test_the_base_of_the_page_is_dev_without_faults(stack_plan: Callable[[str], Plan]) -> None:
    plan = stack_plan("dev")
    assert quota_faults(quota_sums(plan)) == ()
    assert quota_sums(replace(plan, pods=None)).declared is False
