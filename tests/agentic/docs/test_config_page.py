"""The reference says of every path what the model says."""

from __future__ import annotations

import re

from agentic.docs.config_page import config_page
from stacks.config import PlatformConfig
from stacks.profiles import PROFILES

PAGE = config_page()


def row(path: str) -> list[str]:
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{path}` "))
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_every_section_of_the_model_has_a_heading() -> None:
    assert re.findall(r"(?m)^## (.+)$", PAGE) == [*PlatformConfig.model_fields, "Profiles"]


def test_a_row_says_type_default_limits_and_meaning() -> None:
    path, kind, default, limits, meaning = row("gpu_pools.<name>.expire_after_hours")
    assert (path, kind, default) == ("`gpu_pools.<name>.expire_after_hours`", "integer", "`336`")
    assert limits == "at least 24, at most 2160"
    assert "age limit" in meaning


def test_required_and_by_profile_are_told_apart() -> None:
    assert row("aws.region")[2] == "*required*"
    assert row("protection.protect")[2] == "*by profile*"
    assert row("network.interface_endpoints")[2] == "`true`, or *by profile*"


def test_a_choice_shows_each_alternative_under_its_own_heading() -> None:
    assert re.findall(r"(?m)^### (.+)$", PAGE) == [
        "network, mode: create",
        "network, mode: existing",
        "compute, mode: karpenter",
        "compute, mode: auto",
        "identity, mode: cognito",
        "identity, mode: external",
    ]
    existing = PAGE.partition("### network, mode: existing")[2]
    assert "| `network.mode` | `existing` | *required* |" in existing


def test_lists_of_things_say_what_is_in_a_thing() -> None:
    assert row("network.subnets.private[].zone")[1] == "string"


def test_no_cell_breaks_its_row() -> None:
    widths: dict[str, set[int]] = {}
    head = ""
    for line in PAGE.splitlines():
        if line.startswith("| path |"):
            head = line
        if line.startswith("|"):
            widths.setdefault(head, set()).add(len(re.split(r"(?<!\\)\|", line)))
    assert {len(found) for found in widths.values()} == {1}


def test_profiles_are_shown_side_by_side() -> None:
    assert f"| path | {' | '.join(PROFILES)} |" in PAGE
    assert row("protection.protect")[0] == "`protection.protect`"
    shown = PAGE.partition("## Profiles")[2]
    assert '| `compute.mode` | `"auto"` | `"karpenter"` | `"karpenter"` | `"karpenter"` |' in shown
