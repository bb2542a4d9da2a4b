"""The prices that come with the platform, those a stack says instead, and what tokens cost by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from components.core.faults import Fault
from components.prices.spec import PriceSpec, PricesSpec

Direction = Literal["input", "output"]
DIRECTIONS: tuple[Direction, ...] = ("input", "output")

OTHER = "other"
"""What a model without a price is counted as: whatever clients write, series stay few."""

_MILLION = 1_000_000
_RELAY_GUIDE = (
    "integration guide of the relay provider api.holysheep.ai, undated: a vendor's claim, "
    "not the model providers' own lists"
)
"""Looked up on 2026-11-30: no list of that vendor was found, and public copies of the providers' own lists say less:
GPT-4.1 2 and 8, Claude Sonnet 4.5 3 and 15, Gemini 2.5 Flash 0.30 and 2.50 USD."""


def _claimed(input_usd: str, output_usd: str) -> PriceSpec:
    return PriceSpec(
        input_usd_per_mtok=Decimal(input_usd),
        output_usd_per_mtok=Decimal(output_usd),
        source=_RELAY_GUIDE,
        recorded_on=date(2026, 11, 23),
        verified=False,
    )


_OPENAI = "OpenAI, developers.openai.com/api/docs/models/text-embedding-3-small, as tokenprice.fyi has it"


def _listed(input_usd: str, output_usd: str, source: str) -> PriceSpec:
    return PriceSpec(
        input_usd_per_mtok=Decimal(input_usd),
        output_usd_per_mtok=Decimal(output_usd),
        source=source,
        recorded_on=date(2026, 12, 1),
    )


CATALOGUE: Mapping[str, PriceSpec] = MappingProxyType(
    {
        "claude-sonnet-4-5": _claimed("15", "75"),
        "deepseek-v3.2": _claimed("0.42", "1.68"),
        "gemini-2.5-flash": _claimed("2.50", "10"),
        "gpt-4.1": _claimed("8", "32"),
        "text-embedding-3-small": _listed("0.02", "0", _OPENAI),
    }
)
"""By model. A change here changes every stack that does not say otherwise."""


@dataclass(frozen=True, order=True, kw_only=True)
class Price:
    """One price in force: for a tenant where `tenant` is set, else for everybody who has none of their own."""

    model: str
    tenant: str = ""
    spec: PriceSpec

    def usd_per_mtok(self, direction: Direction) -> Decimal:
        """USD for a million tokens that go this way."""
        return self.spec.input_usd_per_mtok if direction == "input" else self.spec.output_usd_per_mtok


def prices(spec: PricesSpec) -> tuple[Price, ...]:
    """Every price in force, sorted: the stack's over the catalogue's, tenants' own after those for all."""
    common = {**CATALOGUE, **spec.models}
    return (
        *(Price(model=model, spec=common[model]) for model in sorted(common)),
        *(
            Price(model=model, tenant=tenant, spec=own[model])
            for tenant, own in sorted(spec.tenants.items())
            for model in sorted(own)
        ),
    )


def notice(found: Iterable[Price]) -> str | None:
    """What a reader of a plan should know of these prices; None where each is a list's or a contract's."""
    doubted = sorted({price.model for price in found if not price.spec.verified})
    if not doubted:
        return None
    return f"unverified prices: {', '.join(doubted)}; say what you pay under prices.models"


def priced_models(spec: PricesSpec) -> tuple[str, ...]:
    """The models that have a price, sorted."""
    return tuple(sorted({price.model for price in prices(spec)}))


def cost_usd(
    spec: PricesSpec, model: str, *, input_tokens: int, output_tokens: int, tenant: str = ""
) -> Decimal | None:
    """What these tokens cost, exactly; None where nobody has said what the model costs."""
    found = {(price.tenant, price.model): price.spec for price in prices(spec)}
    price = found.get((tenant, model)) or found.get(("", model))
    if price is None:
        return None
    return (price.input_usd_per_mtok * input_tokens + price.output_usd_per_mtok * output_tokens) / _MILLION


def price_faults(spec: PricesSpec, tenants: Mapping[str, object]) -> list[Fault]:
    """A tenant with a price of its own exists, and the model has a price for the others too."""
    common = {*CATALOGUE, *spec.models}
    return [
        *(
            Fault(
                f"prices.tenants.{tenant}",
                "is a price for a tenant that the stack does not have",
                f"name one of {', '.join(sorted(tenants)) or '(none)'}, or remove it",
            )
            for tenant in sorted(spec.tenants)
            if tenant not in tenants
        ),
        *(
            Fault(
                f"prices.tenants.{tenant}.{model}",
                "is a price for one tenant of a model that has none for the others",
                f"add prices.models.{model}, or correct the model's name",
            )
            for tenant, own in sorted(spec.tenants.items())
            for model in sorted(own)
            if model not in common
        ),
    ]
