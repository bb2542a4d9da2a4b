"""LLM Performance: what models give, as callers, servers and the gateway see it."""

from __future__ import annotations

from components.dashboards.panels import Dashboard, Panel, Query, Row, Variable

_OTEL = frozenset({"otel", "prometheus"})
_MODELS = frozenset({"models", "prometheus"})
_GATEWAY = frozenset({"gateway", "prometheus"})

_CALLS = '{tenant=~"$tenant", model=~"$model"}'


def _calls(name: str, by: str = "model") -> str:
    return f"sum by ({by}) (rate({name}{_CALLS}[$__rate_interval]))"


def _called(q: float) -> Query:
    return Query(
        f"histogram_quantile({q:g}, {_calls('gen_ai_call_duration_seconds_bucket', 'le, model')})",
        f"{{{{model}}}} p{q * 100:g}",
    )


def _server(name: str, by: str = "model_name") -> str:
    return f"sum by ({by}) (rate({name}[$__rate_interval]))"


def _served(name: str, q: float) -> Query:
    return Query(
        f"histogram_quantile({q:g}, {_server(name, 'le, model_name')})", f"{{{{model_name}}}} p{q * 100:g}"
    )


def _passed(name: str, q: float) -> Query:
    by = "le, gen_ai_response_model"
    rate = f'sum by ({by}) (rate({name}{{tenant=~"$tenant"}}[$__rate_interval]))'
    return Query(f"histogram_quantile({q:g}, {rate})", f"{{{{gen_ai_response_model}}}} p{q * 100:g}")


LLM_PERFORMANCE = Dashboard(
    uid="llm-performance",
    title="LLM Performance",
    about="Tokens a second, waiting and failing, by model.",
    variables=(
        Variable(name="tenant", label="Tenant", series="gen_ai_call_duration_seconds_count", needs=_OTEL),
        Variable(name="model", label="Model", series="gen_ai_call_duration_seconds_count", needs=_OTEL),
    ),
    rows=(
        Row(
            title="As callers see it",
            panels=(
                Panel(
                    title="Output tokens",
                    queries=(Query(_calls("gen_ai_output_tokens_total"), "{{model}}"),),
                    unit="tokens/s",
                    needs=_OTEL,
                    about="From the usage that answers state. Models without a price are `other`.",
                    stacked=True,
                ),
                Panel(
                    title="Input tokens",
                    queries=(Query(_calls("gen_ai_input_tokens_total"), "{{model}}"),),
                    unit="tokens/s",
                    needs=_OTEL,
                    stacked=True,
                ),
                Panel(
                    title="Time of a call",
                    queries=(_called(0.5), _called(0.99)),
                    unit="s",
                    needs=_OTEL,
                ),
                Panel(
                    title="Failed calls",
                    queries=(
                        Query(
                            f"{_calls('gen_ai_call_errors_total')}"
                            f" / ({_calls('gen_ai_call_duration_seconds_count')} > 0)",
                            "{{model}}",
                        ),
                    ),
                    unit="percentunit",
                    needs=_OTEL,
                ),
            ),
        ),
        Row(
            title="Own servers",
            panels=(
                Panel(
                    title="Tokens generated",
                    queries=(Query(_server("vllm:generation_tokens_total"), "{{model_name}}"),),
                    unit="tokens/s",
                    needs=_MODELS,
                    width=8,
                ),
                Panel(
                    title="Time to first token",
                    queries=(
                        _served("vllm:time_to_first_token_seconds_bucket", 0.5),
                        _served("vllm:time_to_first_token_seconds_bucket", 0.99),
                    ),
                    unit="s",
                    needs=_MODELS,
                    width=8,
                ),
                Panel(
                    title="Time between tokens",
                    queries=(
                        _served("vllm:inter_token_latency_seconds_bucket", 0.5),
                        _served("vllm:inter_token_latency_seconds_bucket", 0.99),
                    ),
                    unit="s",
                    needs=_MODELS,
                    width=8,
                ),
                Panel(
                    title="Requests at servers",
                    queries=(
                        Query("sum by (model_name) (vllm:num_requests_running)", "{{model_name}} running"),
                        Query("sum by (model_name) (vllm:num_requests_waiting)", "{{model_name}} waiting"),
                    ),
                    unit="short",
                    needs=_MODELS,
                ),
                Panel(
                    title="KV cache in use",
                    queries=(
                        Query(
                            "max by (model_name, pod) (vllm:kv_cache_usage_perc)", "{{model_name}} {{pod}}"
                        ),
                    ),
                    unit="percentunit",
                    needs=_MODELS,
                ),
            ),
        ),
        Row(
            title="At the gateway",
            panels=(
                Panel(
                    title="Requests by status",
                    queries=(
                        Query(
                            'sum by (status) (rate(agentgateway_requests_total{tenant=~"$tenant"}[$__rate_interval]))',
                            "{{status}}",
                        ),
                    ),
                    unit="reqps",
                    needs=_GATEWAY | _OTEL,
                    width=8,
                    stacked=True,
                ),
                Panel(
                    title="Time to first token at the gateway",
                    queries=(_passed("agentgateway_gen_ai_server_time_to_first_token_bucket", 0.99),),
                    unit="s",
                    needs=_GATEWAY | _OTEL,
                    width=8,
                ),
                Panel(
                    title="Time of an output token at the gateway",
                    queries=(_passed("agentgateway_gen_ai_server_time_per_output_token_bucket", 0.99),),
                    unit="s",
                    needs=_GATEWAY | _OTEL,
                    width=8,
                ),
            ),
        ),
    ),
)
