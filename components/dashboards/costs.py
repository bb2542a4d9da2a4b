"""Cost Tracking: what tenants and models cost, in tokens and in infrastructure."""

from __future__ import annotations

from components.dashboards.panels import Dashboard, Panel, Query, Row, Variable

_TOKENS = frozenset({"alerts", "otel", "prometheus"})
_INFRASTRUCTURE = frozenset({"alerts", "opencost", "prometheus"})
_BOTH = _TOKENS | _INFRASTRUCTURE

_SPENT = 'tenant_model:token_cost_usd:increase1h{tenant=~"$tenant"}'
_INFRASTRUCTURE_COST = 'tenant:infrastructure_cost:usd_per_hour{tenant=~"$tenant"}'
_HOURS_OF_MONTH = 720


def _projected(cost: str, by: str) -> str:
    """Dollars in thirty days, going on as in the period that is shown."""
    return f"sum by ({by}) (avg_over_time({cost}[$__range])) * {_HOURS_OF_MONTH}"


COST_TRACKING = Dashboard(
    uid="cost-tracking",
    title="Cost Tracking",
    about=(
        "Tokens by the price list, infrastructure by OpenCost. Prices are list prices: discounts, cached input "
        "and what nodes cost that nobody asked for are in no tenant's sum."
    ),
    variables=(
        Variable(
            name="tenant", label="Tenant", series="tenant_model:token_cost_usd:increase1h", needs=_TOKENS
        ),
    ),
    rows=(
        Row(
            title="Tokens",
            panels=(
                Panel(
                    title="Token cost in an hour, by tenant",
                    queries=(Query(f"sum by (tenant) ({_SPENT})", "{{tenant}}"),),
                    unit="currencyUSD",
                    needs=_TOKENS,
                    stacked=True,
                ),
                Panel(
                    title="Token cost in an hour, by model",
                    queries=(Query(f"sum by (model) ({_SPENT})", "{{model}}"),),
                    unit="currencyUSD",
                    needs=_TOKENS,
                    stacked=True,
                ),
                Panel(
                    title="Token cost of thirty days at this pace",
                    queries=(Query(_projected(_SPENT, "tenant, model"), "{{tenant}} {{model}}"),),
                    unit="currencyUSD",
                    needs=_TOKENS,
                    kind="table",
                ),
                Panel(
                    title="Tokens without a price, last hour",
                    queries=(
                        Query(
                            "sum by (tenant) (tenant_model_direction:tokens:increase1h"
                            '{tenant=~"$tenant", model="other"})',
                            "{{tenant}}",
                        ),
                    ),
                    unit="short",
                    needs=_TOKENS,
                    about="Not in any cost here: add the model's price to the stack.",
                    kind="bargauge",
                ),
            ),
        ),
        Row(
            title="Infrastructure",
            panels=(
                Panel(
                    title="Infrastructure in an hour, by tenant",
                    queries=(Query(f"sum by (tenant) ({_INFRASTRUCTURE_COST})", "{{tenant}}"),),
                    unit="currencyUSD",
                    needs=_BOTH,
                    about="`platform` is what all share.",
                    stacked=True,
                ),
                Panel(
                    title="Infrastructure in an hour, by resource",
                    queries=(
                        Query(
                            "sum by (resource) (namespace_resource:infrastructure_cost:usd_per_hour)",
                            "{{resource}}",
                        ),
                    ),
                    unit="currencyUSD",
                    needs=_INFRASTRUCTURE,
                    stacked=True,
                ),
                Panel(
                    title="Nodes in an hour, and what is allocated of them",
                    queries=(
                        Query("sum(node_total_hourly_cost)", "nodes"),
                        Query("sum(namespace:infrastructure_cost:usd_per_hour)", "allocated"),
                    ),
                    unit="currencyUSD",
                    needs=_INFRASTRUCTURE,
                    about="Between the lines is capacity that nobody asked for.",
                ),
                Panel(
                    title="Namespaces in an hour",
                    queries=(
                        Query(
                            "sum by (namespace) (namespace:infrastructure_cost:usd_per_hour)", "{{namespace}}"
                        ),
                    ),
                    unit="currencyUSD",
                    needs=_INFRASTRUCTURE,
                    kind="bargauge",
                ),
            ),
        ),
        Row(
            title="Together",
            panels=(
                Panel(
                    title="Thirty days at this pace, by tenant",
                    queries=(
                        Query(
                            f"{_projected(_SPENT, 'tenant')}\n  + {_projected(_INFRASTRUCTURE_COST, 'tenant')}\n"
                            f"or {_projected(_SPENT, 'tenant')}\n"
                            f"or {_projected(_INFRASTRUCTURE_COST, 'tenant')}",
                            "{{tenant}}",
                        ),
                    ),
                    unit="currencyUSD",
                    needs=_BOTH,
                    about="Of a tenant with one of the two, that one.",
                    kind="bargauge",
                    width=24,
                ),
            ),
        ),
    ),
)
