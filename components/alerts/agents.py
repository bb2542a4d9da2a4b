"""Alerts about agents and the models they call: what users feel."""

from __future__ import annotations

from components.alerts.rules import Alert, Group
from components.alerts.spec import AlertsSpec

_OTEL = frozenset({"otel", "prometheus"})
_QUEUES = frozenset({"agent_queues", "prometheus"})
_MODELS = frozenset({"models", "prometheus"})
_AGENT = "tenant, namespace, agent"
"""One agent of one tenant, over all of its pods: a bad pod among many good ones moves the sum, and does not page
by itself."""


def agents(spec: AlertsSpec) -> Group:
    """Latency and errors as sums with a floor: an idle agent is no incident, and neither is one lost request."""
    return Group(
        name="agents",
        rules=(
            Alert(
                name="AgentHighLatency",
                expr=(
                    f"histogram_quantile(0.99, sum by (le, {_AGENT}) "
                    "(rate(agent_request_duration_seconds_bucket[5m])))"
                    f" > {spec.agent_latency_seconds:g}\n{_floor('agent_requests_total', _AGENT, spec)}"
                ),
                hold="5m",
                severity="warning",
                summary=(
                    "One of a hundred requests to {{ $labels.agent }} in {{ $labels.namespace }} takes longer than "
                    "{{ $value | humanizeDuration }}"
                ),
                needs=_OTEL,
            ),
            Alert(
                name="AgentHighErrorRate",
                expr=(
                    f"{_ratio('agent_request_errors_total', 'agent_requests_total', _AGENT)}"
                    f" > {spec.agent_error_ratio:g}\n{_floor('agent_requests_total', _AGENT, spec)}"
                ),
                hold="5m",
                severity="critical",
                summary=(
                    "{{ $value | humanizePercentage }} of requests to {{ $labels.agent }} in "
                    "{{ $labels.namespace }} fail"
                ),
                needs=_OTEL,
            ),
            Alert(
                name="AgentTasksGivenUp",
                expr=(
                    "sum by (namespace, agent) "
                    '(increase(agent_queue_tasks_total{outcome=~"dead|malformed"}[15m])) > 0'
                ),
                # What was given up stays given up: there is nothing to wait for.
                hold="1m",
                severity="warning",
                summary="Tasks of the queue of {{ $labels.agent }} in {{ $labels.namespace }} are given up",
                needs=_QUEUES,
            ),
            Alert(
                name="AgentTasksWait",
                expr=(
                    "min by (namespace, agent) (min_over_time(agent_queue_waiting_tasks[30m]))"
                    f" > {spec.agent_waiting_tasks}\n"
                    "and on (namespace, agent) max by (namespace, agent) (delta(agent_queue_waiting_tasks[30m])) >= 0"
                ),
                hold="5m",
                severity="warning",
                summary=(
                    "{{ $value }} tasks at least wait for {{ $labels.agent }} in {{ $labels.namespace }}, and they do "
                    "not become fewer"
                ),
                needs=_QUEUES,
            ),
            Alert(
                name="ModelCallsFailing",
                expr=(
                    f"{_ratio('gen_ai_call_errors_total', 'gen_ai_call_duration_seconds_count', 'tenant, model')}"
                    f" > {spec.model_error_ratio:g}\n"
                    f"{_floor('gen_ai_call_duration_seconds_count', 'tenant, model', spec)}"
                ),
                hold="5m",
                severity="critical",
                summary=(
                    "{{ $value | humanizePercentage }} of calls of {{ $labels.model }} by {{ $labels.tenant }} fail"
                ),
                needs=_OTEL,
            ),
            Alert(
                name="ModelQueueGrowing",
                expr=f"sum by (namespace, model_name) (vllm:num_requests_waiting) > {spec.model_queue_length}",
                hold="5m",
                severity="warning",
                summary="{{ $value }} requests wait for {{ $labels.model_name }} in {{ $labels.namespace }}",
                needs=_MODELS,
            ),
            Alert(
                name="ModelCacheFull",
                expr="max by (namespace, model_name) (vllm:kv_cache_usage_perc) > 0.95",
                hold="10m",
                severity="warning",
                summary=(
                    "A server of {{ $labels.model_name }} in {{ $labels.namespace }} has "
                    "{{ $value | humanizePercentage }} of its KV cache in use"
                ),
                needs=_MODELS,
            ),
        ),
    )


def _ratio(errors: str, total: str, by: str) -> str:
    return f"sum by ({by}) (rate({errors}[5m]))\n  / sum by ({by}) (rate({total}[5m]))"


def _floor(total: str, by: str, spec: AlertsSpec) -> str:
    return f"and on ({by}) sum by ({by}) (increase({total}[5m])) >= {spec.minimum_requests}"
