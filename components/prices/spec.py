"""What may be said about prices of tokens, over the catalogue that comes with the platform."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from components.core.spec import DnsLabel, Spec

ModelName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$", min_length=1, max_length=128)
]
"""A model as requests name it; becomes the `model` label of series."""

UsdPerMillionTokens = Annotated[Decimal, Field(ge=0, le=10_000, max_digits=12, decimal_places=6)]
"""As price lists state it. 10,000 USD is beyond every list: a price per token or in cents was written."""


class PriceSpec(Spec):
    """The price of one model, with who said so and when it was read there."""

    input_usd_per_mtok: UsdPerMillionTokens = Field(
        description="USD for a million tokens that are sent to the model."
    )
    output_usd_per_mtok: UsdPerMillionTokens = Field(
        description="USD for a million tokens that the model writes; a price of its own, no multiple of the other."
    )
    source: str = Field(
        min_length=3,
        max_length=200,
        description="Who states the price: a contract, a price list with its address.",
    )
    recorded_on: date = Field(description="The day the price was read from its source.")
    verified: bool = Field(
        default=True,
        description="False where the source is a claim that no list and no contract bears out: plans say so.",
    )


class PricesSpec(Spec):
    """Prices that differ from the catalogue: for everybody, or for one tenant."""

    models: dict[ModelName, PriceSpec] = Field(
        default_factory=dict,
        max_length=200,
        description="By model: replaces the catalogue's price, or adds a model it does not have.",
    )
    tenants: dict[DnsLabel, dict[ModelName, PriceSpec]] = Field(
        default_factory=dict, description="By tenant and model: what this tenant pays instead."
    )
