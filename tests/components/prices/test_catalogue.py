from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from components.prices.catalogue import (
    CATALOGUE,
    cost_usd,
    notice,
    price_faults,
    priced_models,
    prices,
)
from components.prices.spec import PriceSpec, PricesSpec

CONTRACT = PriceSpec(
    input_usd_per_mtok=Decimal("2"),
    output_usd_per_mtok=Decimal("3"),
    source="contract 42",
    recorded_on=date(2026, 6, 1),
)
NONE = PricesSpec()


def test_the_catalogue_has_the_stated_prices_and_says_where_they_are_from() -> None:
    stated = {
        model: (price.input_usd_per_mtok, price.output_usd_per_mtok) for model, price in CATALOGUE.items()
    }
    assert stated == {
        "gpt-4.1": (Decimal(8), Decimal(32)),
        "claude-sonnet-4-5": (Decimal(15), Decimal(75)),
        "gemini-2.5-flash": (Decimal("2.5"), Decimal(10)),
        "deepseek-v3.2": (Decimal("0.42"), Decimal("1.68")),
        "text-embedding-3-small": (Decimal("0.02"), Decimal(0)),
    }
    claimed = [price for price in CATALOGUE.values() if not price.verified]
    assert len(claimed) == 4
    assert all("vendor's claim" in price.source for price in claimed)
    assert "OpenAI" in CATALOGUE["text-embedding-3-small"].source
    assert all(price.recorded_on <= date(2026, 12, 1) for price in CATALOGUE.values())


def test_a_claim_is_unverified_until_a_stack_says_what_it_pays() -> None:
    assert notice(prices(NONE)) == (
        "unverified prices: claude-sonnet-4-5, deepseek-v3.2, gemini-2.5-flash, gpt-4.1; say what you pay under "
        "prices.models"
    )
    said = notice(prices(PricesSpec(models={"gpt-4.1": CONTRACT})))
    assert said is not None
    assert "gpt-4.1" not in said
    assert notice(prices(PricesSpec(models=dict.fromkeys(CATALOGUE, CONTRACT)))) is None


def test_a_million_tokens_a_month_cost_eight_dollars_and_not_eight_thousand() -> None:
    assert cost_usd(NONE, "gpt-4.1", input_tokens=1_000_000, output_tokens=0) == Decimal(8)


def test_splitting_that_million_over_four_models_saves_three_fifths() -> None:
    split = {
        "gpt-4.1": 50_000,
        "claude-sonnet-4-5": 100_000,
        "gemini-2.5-flash": 350_000,
        "deepseek-v3.2": 500_000,
    }
    costs = [cost_usd(NONE, model, input_tokens=tokens, output_tokens=0) for model, tokens in split.items()]
    total = sum(cost for cost in costs if cost is not None)
    assert total == Decimal("2.985")
    assert round((1 - total / 8) * 100, 1) == Decimal("62.7")


def test_output_has_its_own_price_and_is_no_multiple_of_the_input() -> None:
    assert cost_usd(NONE, "claude-sonnet-4-5", input_tokens=0, output_tokens=1000) == Decimal("0.075")


def test_a_model_without_a_price_has_no_cost_rather_than_none_to_pay() -> None:
    assert cost_usd(NONE, "llama-9", input_tokens=1, output_tokens=1) is None


def test_a_tenants_own_price_is_taken_for_it_and_for_nobody_else() -> None:
    spec = PricesSpec(tenants={"acme": {"gpt-4.1": CONTRACT}})
    assert cost_usd(spec, "gpt-4.1", input_tokens=1_000_000, output_tokens=0, tenant="acme") == 2
    assert cost_usd(spec, "gpt-4.1", input_tokens=1_000_000, output_tokens=0, tenant="other") == 8
    assert cost_usd(spec, "gpt-4.1", input_tokens=1_000_000, output_tokens=0) == 8


def test_a_stack_replaces_a_price_or_adds_a_model() -> None:
    spec = PricesSpec(models={"gpt-4.1": CONTRACT, "llama-3.1-8b": CONTRACT})
    assert cost_usd(spec, "gpt-4.1", input_tokens=1_000_000, output_tokens=1_000_000) == 5
    assert priced_models(spec) == (
        "claude-sonnet-4-5",
        "deepseek-v3.2",
        "gemini-2.5-flash",
        "gpt-4.1",
        "llama-3.1-8b",
        "text-embedding-3-small",
    )


def test_prices_come_sorted_with_those_for_all_first() -> None:
    spec = PricesSpec(tenants={"b": {"gpt-4.1": CONTRACT}, "a": {"gpt-4.1": CONTRACT}})
    assert [(price.tenant, price.model) for price in prices(spec)][-2:] == [
        ("a", "gpt-4.1"),
        ("b", "gpt-4.1"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"input_usd_per_mtok": "-1"}, "greater than or equal to 0"),
        ({"input_usd_per_mtok": "80000"}, "less than or equal to 10000"),
        ({"source": ""}, "at least 3 characters"),
        ({"recorded_on": "last week"}, "date"),
        ({"input_usd": "1"}, "Extra inputs are not permitted"),
    ],
)
def test_a_price_that_cannot_be_is_refused(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PriceSpec.model_validate({**CONTRACT.model_dump(mode="json"), **wrong})


def test_a_models_name_is_one_that_can_be_a_label() -> None:
    with pytest.raises(ValidationError, match="String should match pattern"):
        PricesSpec(models={'gpt"} or vector(1)': CONTRACT})


def test_a_price_for_a_tenant_or_model_that_nobody_knows_is_a_fault() -> None:
    spec = PricesSpec(tenants={"acme": {"gpt-4.1": CONTRACT}, "gone": {"gpt-9": CONTRACT}})
    assert [str(fault) for fault in price_faults(spec, {"acme": object()})] == [
        "prices.tenants.gone: is a price for a tenant that the stack does not have; name one of acme, or remove it",
        "prices.tenants.gone.gpt-9: is a price for one tenant of a model that has none for the others; "
        "add prices.models.gpt-9, or correct the model's name",
    ]
