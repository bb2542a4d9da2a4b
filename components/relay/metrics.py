"""The relay's series, as LiteLLM 1.90.2 exports them without a licence; a test compares them with its own answer."""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.relay.names import NAME, PART

SOURCES: tuple[MetricSource, ...] = (
    MetricSource(
        component=PART,
        job=NAME,
        names=frozenset(
            {
                "up",
                "litellm_proxy_total_requests_metric_total",
                "litellm_proxy_failed_requests_metric_total",
                "litellm_spend_metric_total",
                "litellm_input_tokens_metric_total",
                "litellm_output_tokens_metric_total",
                "litellm_total_tokens_metric_total",
                "litellm_cache_hits_metric_total",
                "litellm_cache_misses_metric_total",
                "litellm_remaining_api_key_budget_metric",
                "litellm_api_key_max_budget_metric",
                "litellm_deployment_success_responses_total",
                "litellm_deployment_failure_responses_total",
                "litellm_deployment_successful_fallbacks_total",
                "litellm_deployment_failed_fallbacks_total",
                *histogram("litellm_request_total_latency_metric"),
                *histogram("litellm_llm_api_latency_metric"),
                *histogram("litellm_llm_api_time_to_first_token_metric"),
                *histogram("litellm_overhead_latency_metric"),
            }
        ),
    ),
)
"""Tenants are the label `api_key_alias`; models `requested_model` and `model`."""
