"""What docs/relay.md shows is what a stack may say, and what it says of defaults is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from components.prices.spec import PricesSpec
from components.relay.checks import relay_faults
from components.relay.hook.selection import DEFAULT, RULES
from components.relay.spec import ConnectionSpec, RelaySpec

PAGE = (Path(__file__).parents[3] / "docs" / "relay.md").read_text()
BLOCKS: list[dict[str, Any]] = [
    yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
]


def faults(relay: dict[str, Any], prices: dict[str, Any]) -> list[str]:
    found = relay_faults(
        RelaySpec.model_validate({"enabled": True, **relay}),
        PricesSpec.model_validate(prices),
        parts={"gateway", "postgres", "external_secrets", "valkey"},
        secrets=("relay-provider", "anthropic"),
        tenants=(),
        spot=False,
    )
    return [str(fault) for fault in found]


def test_the_first_block_switches_it_on() -> None:
    assert faults(BLOCKS[0]["relay"], {}) == []
    assert RelaySpec.model_validate(BLOCKS[0]["relay"]).hosts == ("api.holysheep.ai",)


def test_the_connection_that_is_shown_is_the_one_of_who_says_nothing() -> None:
    (shown,) = BLOCKS[1]["providers"].values()
    assert ConnectionSpec.model_validate(shown["connection"]) == ConnectionSpec()
    assert shown["connection"] == ConnectionSpec().model_dump()


def test_the_worked_change_is_a_model_and_a_tier() -> None:
    change = BLOCKS[2]
    assert faults(change["relay"], change["prices"]) == []
    spec = RelaySpec.model_validate({"enabled": True, **change["relay"]})
    assert spec.hosts == ("api.anthropic.com", "api.holysheep.ai")
    (fault,) = faults(change["relay"], {})
    rule = "relay.models.claude-haiku-4-5: has no price, so that no budget would count it"
    assert fault.startswith(rule)
    assert rule in PAGE


def test_the_table_of_rules_is_the_table_of_rules() -> None:
    rows = re.findall(r"^\| (?:`(x-[a-z-]+)` )?\|.*\| `([a-z0-9.-]+)` \|$", PAGE, flags=re.MULTILINE)
    rows = [(header, model) for header, model in rows if header or model == DEFAULT]
    assert rows == [*((rule.when.header, rule.model) for rule in RULES), ("", DEFAULT)]


def test_the_numbers_of_budgets_and_probe_are_the_defaults() -> None:
    spec = RelaySpec()
    for percent in (spec.budgets.notice_percent, spec.budgets.degrade_percent, 100):
        assert f"| {percent} % |" in PAGE
    assert f"(`{spec.budgets.usd}`)" in PAGE or f"({spec.budgets.usd})" in PAGE
    assert f"({spec.budgets.every})" in PAGE
    assert f"Every {spec.probe.every_minutes} minutes" in PAGE
