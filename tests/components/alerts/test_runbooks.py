from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.alerts.rules import alerts
from components.alerts.spec import RUNBOOKS, AlertsSpec
from tests.components.alerts.conftest import CATALOGUE, ROOT

PAGES = ROOT / "docs" / "runbooks"
NAMES = [alert.name for alert in alerts(CATALOGUE)]
_LINK = re.compile(r"\]\(([^)#]+\.md)[)#]")
_LIMIT = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")
THEIRS = {
    "gpu_memory_utilization",
    "max_model_len",
    "limit_gpus",
    "retention_days",
    "is_readonly",
    "timeout_seconds",
}
"""Fields of other parts, and flags of vLLM."""


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text()


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_it_means_whom_it_hurts_where_to_look_and_what_to_do(name: str) -> None:
    text = page(name)
    assert text.startswith(f"# {name}\n\n")
    parts = [text.index(part) for part in ("\n**Impact.** ", "\n## Look\n", "\n## Mend\n")]
    assert parts == sorted(parts)
    assert "\n$ " in text, "a command to look with"
    assert text.split("## Mend\n")[1].strip(), "what to do"
    assert len(text.splitlines()) <= 40, "it is read at night"


def test_pages_lead_only_to_pages_that_are_there() -> None:
    for name in NAMES:
        for link in _LINK.findall(page(name)):
            assert (PAGES / link).resolve().is_file(), f"{name}: {link}"


def test_limits_that_pages_name_can_be_said() -> None:
    for name in NAMES:
        for limit in _LIMIT.findall(page(name)):
            assert limit in AlertsSpec.model_fields or limit in THEIRS, f"{name}: {limit}"


def test_runbooks_are_read_where_this_repository_keeps_them() -> None:
    assert RUNBOOKS.endswith(f"/{PAGES.relative_to(ROOT)}/".replace("\\", "/"))
    assert isinstance(PAGES, Path)


@pytest.mark.parametrize("wrong", ["http://wiki.example.com/", "https://wiki.example.com", "https://x y/"])
def test_an_address_that_no_link_can_be_made_of_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="String should match pattern"):
        AlertsSpec(runbook_base_url=wrong)
