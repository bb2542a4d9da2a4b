"""The series of model servers, as vLLM 0.33.0 (v1/metrics/loggers.py) and TGI 3.3.7 (router) export them.

`model_name` is the first public name of a server. Counters get `_total` from the Prometheus client.
"""

from __future__ import annotations

from components.charts.metrics import MetricSource, histogram
from components.models.names import PART

VLLM = MetricSource(
    component=PART,
    # The Service's label that the monitor names: all servers of one engine are one job.
    job="vllm",
    names=frozenset(
        {
            "up",
            "vllm:num_requests_running",
            "vllm:num_requests_waiting",
            "vllm:num_requests_waiting_by_reason",
            "vllm:kv_cache_usage_perc",
            "vllm:engine_sleep_state",
            "vllm:cache_config_info",
            "vllm:lora_requests_info",
            "vllm:prefix_cache_queries_total",
            "vllm:prefix_cache_hits_total",
            "vllm:num_preemptions_total",
            "vllm:prompt_tokens_total",
            "vllm:prompt_tokens_cached_total",
            "vllm:generation_tokens_total",
            "vllm:request_success_total",
            "vllm:admission_rejections_total",
            *histogram("vllm:time_to_first_token_seconds"),
            *histogram("vllm:inter_token_latency_seconds"),
            *histogram("vllm:request_time_per_output_token_seconds"),
            *histogram("vllm:e2e_request_latency_seconds"),
            *histogram("vllm:request_queue_time_seconds"),
            *histogram("vllm:request_inference_time_seconds"),
            *histogram("vllm:request_prefill_time_seconds"),
            *histogram("vllm:request_decode_time_seconds"),
            *histogram("vllm:request_prompt_tokens"),
            *histogram("vllm:request_generation_tokens"),
            *histogram("vllm:iteration_tokens_total"),
        }
    ),
)

TGI = MetricSource(
    component=PART,
    job="tgi",
    names=frozenset(
        {
            "up",
            "tgi_queue_size",
            "tgi_batch_current_size",
            "tgi_batch_current_max_tokens",
            "tgi_request_count",
            "tgi_request_success",
            "tgi_request_failure",
            *histogram("tgi_request_duration"),
            *histogram("tgi_request_queue_duration"),
            *histogram("tgi_request_inference_duration"),
            *histogram("tgi_request_mean_time_per_token_duration"),
            *histogram("tgi_request_input_length"),
            *histogram("tgi_request_generated_tokens"),
        }
    ),
)

SOURCES: tuple[MetricSource, ...] = (VLLM, TGI)
