"""The relay's series, as LiteLLM 1.90.2 exports them without a licence; a test compares them with its own answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from components.charts.metrics import MetricSource, histogram
from components.relay.names import NAME, PART

TENANT = "api_key_alias"
"""The label that has the tenant."""

COUNTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "litellm_proxy_total_requests_metric": (TENANT, "status_code"),
        "litellm_proxy_failed_requests_metric": (TENANT, "exception_status"),
        "litellm_spend_metric": (TENANT, "model"),
        "litellm_input_tokens_metric": (TENANT, "requested_model"),
        "litellm_output_tokens_metric": (TENANT, "requested_model"),
        "litellm_total_tokens_metric": (TENANT, "requested_model"),
        "litellm_cache_hits_metric": (TENANT, "model"),
        "litellm_cache_misses_metric": (TENANT, "model"),
        "litellm_deployment_success_responses": ("requested_model", "api_provider"),
        "litellm_deployment_failure_responses": ("requested_model", "api_provider", "exception_status"),
        "litellm_deployment_successful_fallbacks": ("requested_model", "fallback_model"),
        "litellm_deployment_failed_fallbacks": ("requested_model", "fallback_model"),
    }
)
GAUGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "litellm_remaining_api_key_budget_metric": (TENANT,),
        "litellm_api_key_max_budget_metric": (TENANT,),
    }
)
HISTOGRAMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "litellm_request_total_latency_metric": (TENANT, "requested_model"),
        "litellm_llm_api_latency_metric": (TENANT, "requested_model"),
        "litellm_llm_api_time_to_first_token_metric": (TENANT, "requested_model"),
        "litellm_overhead_latency_metric": ("model_group",),
    }
)

SOURCES: tuple[MetricSource, ...] = (
    MetricSource(
        component=PART,
        job=NAME,
        names=frozenset(
            {
                "up",
                *(f"{name}_total" for name in COUNTERS),
                *GAUGES,
                *(series for name in HISTOGRAMS for series in histogram(name)),
            }
        ),
    ),
)


def exported() -> list[dict[str, Any]]:
    """What LiteLLM is told to export: by default every series has what clients write."""
    kept = {**COUNTERS, **GAUGES, **HISTOGRAMS}
    return [
        {"group": name, "metrics": [name], "include_labels": list(labels)} for name, labels in kept.items()
    ]
