"""Variants of a route: other shares for callers who ask for them, or for tenants by their token."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from components.core.spec import DnsLabel, Spec
from components.gateway.catalogue import Variant
from components.gateway.names import TENANT_HEADER, VARIANT_HEADER

MOST_TENANTS = 16
"""A match for each, of the 64 that a rule can have (HTTPRoute, `matches`)."""

CANARY_SUM = 100


def not_a_whole(backends: dict[str, int]) -> str | None:
    """What is wrong with these shares; None where they make a whole."""
    below = sorted(name for name, weight in backends.items() if weight < 0)
    if below:
        return f"the share of {', '.join(below)} is negative; write 0 to keep a backend idle"
    total = sum(backends.values())
    if total != CANARY_SUM:
        shares = " + ".join(f"{name} {weight}" for name, weight in backends.items())
        return f"shares sum to {total} ({shares}), not 100; correct one of them"
    return None


class VariantSpec(Spec):
    """Other shares of one public name, for some of its callers."""

    backends: dict[DnsLabel, int] = Field(
        min_length=1, max_length=8, description="Backend by name to its share in per cent, as of the route."
    )
    tenants: list[DnsLabel] = Field(
        default_factory=list[str],
        max_length=MOST_TENANTS,
        description="Whose requests these are, by the verified token and by no header; none: anybody's.",
    )
    on_request: bool = Field(
        default=True,
        description=(
            "Only requests with the header `x-variant: <name of the variant>`; false: every request of `tenants`."
        ),
    )

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Self:
        if not self.on_request and not self.tenants:
            raise ValueError(
                "on_request is false and tenants names none, so that nobody would be left for the route itself; "
                "name tenants, or change the route's own backends"
            )
        fault = not_a_whole(self.backends)
        if fault:
            raise ValueError(fault)
        return self

    def named(self, name: str) -> Variant:
        """As a route carries it."""
        return Variant(
            name=name, weights=dict(self.backends), tenants=tuple(self.tenants), on_request=self.on_request
        )


def variant_matches(match: dict[str, Any], variant: Variant) -> list[dict[str, Any]]:
    """The route's own match, narrowed: more headers go before fewer (Gateway API, HTTPRouteRule `matches`)."""
    asked = [_header(VARIANT_HEADER, variant.name)] if variant.on_request else []
    by_tenant = [[_header(TENANT_HEADER, tenant)] for tenant in variant.tenants] or [[]]
    return [{**match, "headers": [*match["headers"], *asked, *tenant]} for tenant in by_tenant]


def _header(name: str, value: str) -> dict[str, str]:
    return {"type": "Exact", "name": name, "value": value}
