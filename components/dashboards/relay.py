"""Relay: how fast each provider answers, by a probe and for tenants; what they spend, and what was spared."""

from __future__ import annotations

from components.dashboards.panels import Dashboard, Panel, Query, Row, Variable
from components.relay.spec import PROBE

_RELAY = frozenset({"relay", "prometheus"})
_PROBE = f'{{api_key_alias="{PROBE}"}}'
_TENANTS = '{api_key_alias=~"$tenant"}'
_FIRST = "litellm_llm_api_time_to_first_token_metric"
_WHOLE = "litellm_request_total_latency_metric"

# The probe asks a few times an hour: over less than that a rate would be of one answer, or of none.
_PROBED = "1h"


def _rate(name: str, by: str, selector: str = _TENANTS, over: str = "$__rate_interval") -> str:
    return f"sum by ({by}) (rate({name}{selector}[{over}]))"


def _quantile(q: float, name: str, selector: str, over: str) -> Query:
    rate = _rate(f"{name}_bucket", "le, requested_model", selector, over)
    return Query(f"histogram_quantile({q:g}, {rate})", f"{{{{requested_model}}}} p{q * 100:g}")


def _probed(name: str) -> tuple[Query, ...]:
    mean = (
        f"{_rate(f'{name}_sum', 'requested_model', _PROBE, _PROBED)}"
        f" / ({_rate(f'{name}_count', 'requested_model', _PROBE, _PROBED)} > 0)"
    )
    return (Query(mean, "{{requested_model}} mean"), _quantile(0.95, name, _PROBE, _PROBED))


RELAY = Dashboard(
    uid="relay",
    title="Relay",
    about="Providers' answers, budgets and the cache.",
    variables=(
        Variable(
            name="tenant", label="Tenant", series="litellm_proxy_total_requests_metric_total", needs=_RELAY
        ),
    ),
    rows=(
        Row(
            title="The probe: the same question of about 1,000 tokens, to every model",
            panels=(
                Panel(
                    title="Time to first token of the probe",
                    queries=_probed(_FIRST),
                    unit="s",
                    needs=_RELAY,
                    about="Mean and 95th percentile of the last hour; far apart, the provider is uneven.",
                ),
                Panel(
                    title="Time of the probe's whole answer", queries=_probed(_WHOLE), unit="s", needs=_RELAY
                ),
            ),
        ),
        Row(
            title="Tenants' requests",
            panels=(
                Panel(
                    title="Requests by status",
                    queries=(
                        Query(
                            _rate("litellm_proxy_total_requests_metric_total", "status_code"),
                            "{{status_code}}",
                        ),
                    ),
                    unit="reqps",
                    needs=_RELAY,
                    width=8,
                    stacked=True,
                ),
                Panel(
                    title="Time to first token",
                    queries=(
                        _quantile(0.5, _FIRST, _TENANTS, "$__rate_interval"),
                        _quantile(0.99, _FIRST, _TENANTS, "$__rate_interval"),
                    ),
                    unit="s",
                    needs=_RELAY,
                    width=8,
                ),
                Panel(
                    title="Answered by the next in the chain",
                    queries=(
                        Query(
                            _rate(
                                "litellm_deployment_successful_fallbacks_total",
                                "requested_model, fallback_model",
                                "",
                            ),
                            "{{requested_model}} -> {{fallback_model}}",
                        ),
                        Query(
                            _rate("litellm_deployment_failed_fallbacks_total", "requested_model", ""),
                            "{{requested_model}} by nobody",
                        ),
                    ),
                    unit="reqps",
                    needs=_RELAY,
                    width=8,
                ),
            ),
        ),
        Row(
            title="Budgets and the cache",
            panels=(
                Panel(
                    title="Spent an hour",
                    queries=(
                        Query(
                            f"sum by (api_key_alias) (increase(litellm_spend_metric_total{_TENANTS}[1h]))",
                            "{{api_key_alias}}",
                        ),
                    ),
                    unit="currencyUSD",
                    needs=_RELAY,
                    width=8,
                    stacked=True,
                ),
                Panel(
                    title="Left of the budget",
                    queries=(
                        Query(
                            "min by (api_key_alias) (litellm_remaining_api_key_budget_metric"
                            f"{_TENANTS}) / (min by (api_key_alias) (litellm_api_key_max_budget_metric{_TENANTS}) > 0)",
                            "{{api_key_alias}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_RELAY,
                    width=8,
                ),
                Panel(
                    title="Answered from the cache",
                    queries=(
                        Query(
                            f"{_rate('litellm_cache_hits_metric_total', 'api_key_alias')}"
                            f" / ({_rate('litellm_cache_hits_metric_total', 'api_key_alias')}"
                            f" + {_rate('litellm_cache_misses_metric_total', 'api_key_alias')} > 0)",
                            "{{api_key_alias}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_RELAY,
                    width=8,
                    about="Of requests that may be: those with temperature 0 that do not opt out.",
                ),
            ),
        ),
    ),
)
