"""Token cost and infrastructure cost, by Prometheus' own evaluation, against the same prices in Python."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from components.alerts.catalogue import catalogue
from components.alerts.costs import (
    AGENT_TOKENS,
    INFRASTRUCTURE,
    PRICE,
    TENANT_INFRASTRUCTURE,
    TOKEN_COST,
    price_list,
)
from components.alerts.rules import Recording
from components.prices.catalogue import cost_usd, prices
from components.prices.spec import PriceSpec, PricesSpec
from tests.components.alerts.conftest import SPEC, Evaluated, fires, series

pytestmark = pytest.mark.promtool

CHEAP = PriceSpec(
    input_usd_per_mtok=Decimal(1),
    output_usd_per_mtok=Decimal(1),
    source="contract 7",
    recorded_on=date(2026, 6, 1),
)
OWN = PricesSpec(tenants={"globex": {"gpt-4.1": CHEAP}})


def tokens(tenant: str, model: str, *, sent: int, written: int, agent: str = "support") -> dict[str, str]:
    """Tokens a minute, for two hours."""
    labels = f'tenant="{tenant}", namespace="{tenant}", agent="{agent}", model="{model}", instance="a"'
    return {
        f"gen_ai_input_tokens_total{{{labels}}}": f"0+{sent}x120",
        f"gen_ai_output_tokens_total{{{labels}}}": f"0+{written}x120",
    }


def expects(expr: str, at: str, **samples: float) -> dict[str, Any]:
    return {
        "expr": expr,
        "eval_time": at,
        "exp_samples": [{"labels": labels, "value": value} for labels, value in samples.items()],
    }


def sample(expr: str, samples: dict[str, float], at: str = "100m") -> dict[str, Any]:
    return expects(f"round({expr}, 0.000001)", at, **samples)


def test_every_price_is_a_series_of_its_own() -> None:
    rules = [
        rule for rule in price_list(prices(OWN)).rules if isinstance(rule, Recording) and rule.name == PRICE
    ]
    assert {
        tuple(rule.labels.values()): rule.expr for rule in rules if "gpt-4.1" in rule.labels.values()
    } == {
        ("gpt-4.1", "input"): "vector(8)",
        ("gpt-4.1", "output"): "vector(32)",
        ("gpt-4.1", "input", "globex"): "vector(1)",
        ("gpt-4.1", "output", "globex"): "vector(1)",
    }


def test_prices_are_written_as_numbers_that_promql_reads() -> None:
    tiny = PricesSpec(
        models={"tiny": CHEAP.model_copy(update={"input_usd_per_mtok": Decimal("0.000001")})},
    )
    written = {
        rule.expr
        for rule in price_list(prices(tiny)).rules
        if isinstance(rule, Recording) and rule.labels.get("model") == "tiny"
    }
    assert written == {"vector(0.000001)", "vector(1)"}


def test_cost_is_tokens_by_price_for_each_tenant_and_model(rules: Evaluated) -> None:
    expected = {
        (tenant, model): float(
            cost_usd(OWN, model, input_tokens=sent * 60, output_tokens=written * 60, tenant=tenant) or 0
        )
        for tenant, model, sent, written in (
            ("acme", "gpt-4.1", 1000, 500),
            ("acme", "deepseek-v3.2", 9000, 100),
            ("globex", "gpt-4.1", 1000, 500),
        )
    }
    assert expected["acme", "gpt-4.1"] == 1.44
    assert expected["globex", "gpt-4.1"] == 0.09, "its own price, and not the one for all"
    rules.hold(
        {
            "input_series": series(
                {
                    **tokens("acme", "gpt-4.1", sent=1000, written=500),
                    **tokens("acme", "deepseek-v3.2", sent=9000, written=100),
                    **tokens("globex", "gpt-4.1", sent=1000, written=500),
                }
            ),
            "promql_expr_test": [
                sample(
                    TOKEN_COST,
                    {
                        f'{{tenant="{tenant}", model="{model}"}}': round(cost, 6)
                        for (tenant, model), cost in expected.items()
                    },
                )
            ],
        },
        groups=catalogue(SPEC, prices(OWN)),
    )


def test_a_model_without_a_price_costs_nothing_known_and_somebody_is_told(rules: Evaluated) -> None:
    rules.hold(
        {
            "input_series": series(tokens("acme", "other", sent=10, written=10)),
            "promql_expr_test": [sample(TOKEN_COST, {})],
            "alert_rule_test": [fires("TokensWithoutPrice", "100m", {"tenant": "acme"}, severity="warning")],
        }
    )


def test_tokens_are_counted_by_agent_over_its_models_and_collectors(rules: Evaluated) -> None:
    two = {
        **tokens("acme", "gpt-4.1", sent=10, written=5),
        **tokens("acme", "deepseek-v3.2", sent=20, written=5),
    }
    rules.hold(
        {
            "input_series": series(two),
            "promql_expr_test": [
                sample(AGENT_TOKENS, {'{tenant="acme", namespace="acme", agent="support"}': 2400})
            ],
        }
    )


def test_a_tenant_that_spends_four_times_its_usual_is_told_of(rules: Evaluated) -> None:
    labels = 'tenant="%s", namespace="x", agent="a", model="gpt-4.1"'
    surge = {
        f"gen_ai_input_tokens_total{{{labels % 'acme'}}}": "0+2000x1500 3000000+100000x120",
        f"gen_ai_input_tokens_total{{{labels % 'steady'}}}": "0+50000x1620",
        # Ten times as much, and still next to nothing.
        f"gen_ai_input_tokens_total{{{labels % 'small'}}}": "0+10x1500 15000+100x120",
    }
    rules.hold(
        {
            "input_series": series(surge),
            "alert_rule_test": [
                fires("TenantSpendSurge", "1440m", severity="warning"),
                fires("TenantSpendSurge", "1600m", {"tenant": "acme"}, severity="warning"),
            ],
        }
    )


def test_infrastructure_is_what_is_allocated_by_its_nodes_price(rules: Evaluated) -> None:
    given = {
        'node_cpu_hourly_cost{node="n1", instance="i1"}': "0.03x120",
        'node_cpu_hourly_cost{node="n2", instance="i2"}': "0.06x120",
        'node_ram_hourly_cost{node="n1", instance="i1"}': "0.004x120",
        'node_gpu_hourly_cost{node="n2", instance="i2"}': "2x120",
        'pv_hourly_cost{persistentvolume="pv-1"}': "0.0001x120",
        'container_cpu_allocation{namespace="acme", pod="a", container="c", node="n1"}': "2x120",
        'container_cpu_allocation{namespace="acme", pod="b", container="c", node="n2"}': "1x120",
        'container_memory_allocation_bytes{namespace="acme", pod="a", container="c", node="n1"}': (
            "4294967296x120"
        ),
        'container_gpu_allocation{namespace="acme", pod="b", container="c", node="n2"}': "1x120",
        'container_cpu_allocation{namespace="observability", pod="p", container="c", node="n1"}': "1x120",
        'pod_pvc_allocation{namespace="observability", pod="p", persistentvolume="pv-1"}': "107374182400x120",
        'kube_namespace_labels{namespace="acme", label_agentic_dev_tenant="acme"}': "1x120",
        'kube_namespace_labels{namespace="observability"}': "1x120",
    }
    acme = 2 * 0.03 + 1 * 0.06 + 4 * 0.004 + 2
    rules.hold(
        {
            "input_series": series(given),
            "promql_expr_test": [
                sample(
                    INFRASTRUCTURE,
                    {'{namespace="acme"}': round(acme, 6), '{namespace="observability"}': 0.04},
                ),
                sample(
                    TENANT_INFRASTRUCTURE,
                    {'{tenant="acme"}': round(acme, 6), '{tenant="platform"}': 0.04},
                ),
            ],
        }
    )


def test_two_namespaces_of_the_platform_are_one_sum(rules: Evaluated) -> None:
    given = {
        'node_cpu_hourly_cost{node="n1"}': "0.5x120",
        **{
            f'container_cpu_allocation{{namespace="{name}", pod="p", container="c", node="n1"}}': "1x120"
            for name in ("keda", "argocd")
        },
        'kube_namespace_labels{namespace="keda"}': "1x120",
        'kube_namespace_labels{namespace="argocd"}': "1x120",
    }
    rules.hold(
        {
            "input_series": series(given),
            "promql_expr_test": [sample(TENANT_INFRASTRUCTURE, {'{tenant="platform"}': 1.0})],
        }
    )
