"""What tenants and models cost: tokens by the price list, infrastructure by OpenCost.

A price is a series of its own, one for each model, direction and, where one is agreed, tenant. A rule multiplies
by the price of its moment, so that yesterday's cost stays what it was when a price changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.alerts.platform import TENANT_NAMESPACES, TENANT_OF_NAMESPACE
from components.alerts.rules import Alert, Group, Recording
from components.alerts.spec import AlertsSpec
from components.core.labels import NOTICE_ANNOTATION
from components.prices.catalogue import DIRECTIONS, OTHER, Price, notice

_TOKENS = frozenset({"otel", "prometheus"})
_INFRASTRUCTURE = frozenset({"opencost", "prometheus"})

PRICES = "prices"
PRICE = "model_direction:token_price:usd_per_mtok"
TOKENS = "tenant_model_direction:tokens:increase1h"
TOKEN_COST = "tenant_model:token_cost_usd:increase1h"  # noqa: S105
AGENT_TOKENS = "tenant_namespace_agent:tokens:increase1h"
INFRASTRUCTURE_PARTS = "namespace_resource:infrastructure_cost:usd_per_hour"
INFRASTRUCTURE = "namespace:infrastructure_cost:usd_per_hour"
TENANT_INFRASTRUCTURE = "tenant:infrastructure_cost:usd_per_hour"


def price_list(prices: Sequence[Price]) -> Group:
    """A group of its own, so that a price more changes nothing else; `costs` reads what it wrote last."""
    return Group(name=PRICES, interval="1m", rules=tuple(_prices(prices)))


def notices(group: Group, prices: Sequence[Price]) -> dict[str, dict[str, str]]:
    """What a group's object says about itself: the price list, which of its prices are on nobody's list."""
    said = notice(prices) if group.name == PRICES else None
    return {"annotations": {NOTICE_ANNOTATION: said}} if said else {}


def costs(spec: AlertsSpec) -> Group:
    """Tokens, then what they cost: each rule uses the one before it, in one evaluation."""
    return Group(name="costs", interval="1m", rules=(*_tokens(), *_spending(spec)))


def _prices(prices: Sequence[Price]) -> Iterator[Recording]:
    for price in prices:
        own = {"tenant": price.tenant} if price.tenant else {}
        for direction in DIRECTIONS:
            yield Recording(
                name=PRICE,
                expr=f"vector({price.usd_per_mtok(direction).normalize():f})",
                labels={"model": price.model, "direction": direction, **own},
                needs=_TOKENS,
            )


def _tokens() -> Iterator[Recording]:
    for direction in DIRECTIONS:
        yield Recording(
            name=TOKENS,
            expr=f"sum by (tenant, model) (increase(gen_ai_{direction}_tokens_total[1h]))",
            labels={"direction": direction},
            needs=_TOKENS,
        )
    yield Recording(
        name=AGENT_TOKENS,
        expr=(
            "sum by (tenant, namespace, agent) (increase(gen_ai_input_tokens_total[1h]))\n"
            "  + sum by (tenant, namespace, agent) (increase(gen_ai_output_tokens_total[1h]))"
        ),
        needs=_TOKENS,
    )
    yield Recording(
        name=TOKEN_COST,
        # The tenant's own price where there is one; `or` keeps the left side of two that are about the same.
        expr=(
            "sum by (tenant, model) (\n"
            f'  {TOKENS} * on (tenant, model, direction) group_left () {PRICE}{{tenant!=""}}\n'
            f'  or {TOKENS} * on (model, direction) group_left () {PRICE}{{tenant=""}}\n'
            ") / 1e6"
        ),
        needs=_TOKENS,
    )


def _spending(spec: AlertsSpec) -> Iterator[Alert]:
    spent = f"sum by (tenant) ({TOKEN_COST})"
    yield Alert(
        name="TenantSpendSurge",
        expr=(
            f"{spent} > 4 * avg_over_time(({spent})[1d:5m] offset 1h)\n"
            f"  and on (tenant) {spent} > {spec.spend_usd_per_hour:g}"
        ),
        hold="15m",
        severity="warning",
        summary=(
            "Tenant {{ $labels.tenant }} spends {{ $value | humanize }} USD an hour on tokens, four times the usual"
        ),
        needs=_TOKENS,
    )
    yield Alert(
        name="TokensWithoutPrice",
        expr=f'sum by (tenant) ({TOKENS}{{model="{OTHER}"}}) > 0',
        hold="1h",
        severity="warning",
        summary="Tenant {{ $labels.tenant }} uses a model that has no price: its cost is not counted",
        needs=_TOKENS,
    )


def _allocated(resource: str, amount: str, price: str) -> Recording:
    return Recording(
        name=INFRASTRUCTURE_PARTS,
        expr=f"sum by (namespace) (\n  {amount} * on (node) group_left () max by (node) ({price})\n)",
        labels={"resource": resource},
        needs=_INFRASTRUCTURE,
    )


INFRASTRUCTURE_COSTS = Group(
    name="infrastructure-costs",
    interval="1m",
    rules=(
        _allocated("cpu", "container_cpu_allocation", "node_cpu_hourly_cost"),
        _allocated("memory", "container_memory_allocation_bytes / 2^30", "node_ram_hourly_cost"),
        _allocated("gpu", "container_gpu_allocation", "node_gpu_hourly_cost"),
        Recording(
            name=INFRASTRUCTURE_PARTS,
            expr=(
                "sum by (namespace) (\n"
                "  pod_pvc_allocation / 2^30 * on (persistentvolume) group_left () "
                "max by (persistentvolume) (pv_hourly_cost)\n)"
            ),
            labels={"resource": "volume"},
            needs=_INFRASTRUCTURE,
        ),
        Recording(
            name=INFRASTRUCTURE,
            expr=f"sum by (namespace) ({INFRASTRUCTURE_PARTS})",
            needs=_INFRASTRUCTURE,
        ),
        Recording(
            name=TENANT_INFRASTRUCTURE,
            # A namespace without the label is the platform's own; what nodes cost and nobody asked for is in none.
            expr=(
                "sum by (tenant) (\n"
                f"  label_replace(\n"
                f"    {INFRASTRUCTURE} * on (namespace) group_left ({TENANT_OF_NAMESPACE})\n"
                f"      {TENANT_NAMESPACES},\n"
                f'    "tenant", "$1", "{TENANT_OF_NAMESPACE}", "(.*)"\n'
                "  )\n"
                "  or label_replace(\n"
                f"    {INFRASTRUCTURE} unless on (namespace) {TENANT_NAMESPACES},\n"
                '    "tenant", "platform", "", ""\n'
                "  )\n"
                ")"
            ),
            needs=_INFRASTRUCTURE,
        ),
    ),
)
