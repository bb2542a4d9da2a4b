"""Requests to agents and calls of models, counted from spans: agents themselves export no such series.

Counted is, once each:

- a request: the span of an HTTP server that took a POST, in a pod that kagent labels as an agent. Every runtime
  of kagent 0.9 writes one (FastAPI's in Python, otelhttp's in Go), health and agent-card requests have none, and
  it ends when the last event of a stream is sent. The controller's own `invoke_agent` span is another pod's.
- an error: such a span that failed, or a failed `invoke_agent` span in the same pod. A2A answers 200 and puts the
  failure into the task, so that the HTTP span alone would show none. An agent that fails in both ways counts
  twice; kagent's runtimes catch what their agents raise.
- a call of a model: the client's span of it. ADK for Python wraps that span in one of its own with the same
  tokens, which is no client's; ADK for Go writes only such a one.

Labels are few and nobody's claim: `tenant` and `namespace` are looked up by address, `agent` is the pod's label,
and `model` is one of those with a price or `other`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.otel.attribution import AGENT_ATTRIBUTE, NAMESPACE_ATTRIBUTE
from components.otel.names import TENANT_ATTRIBUTE

CONNECTOR = "signal_to_metrics/requests"
MEASURED = "transform/requests"
CUMULATIVE = "delta_to_cumulative/requests"
EXPORTER = "prometheus/requests"
PORT = 8889
PORT_NAME = "requests"

FORGET_AFTER = "24h"
"""A series without a sample for so long begins again at zero. The default, five minutes, would restart those of
every agent that is asked now and then, and what happened in between would be lost to `increase`."""

MAX_STREAMS = 20_000
"""Beyond it new series are dropped: an agent makes 3, and 5 for each model it calls."""

OTHER_MODEL = "other"
NO_AGENT = "none"
"""The `agent` of calls from pods that are none, such as a tenant's own program."""

REQUEST_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds; 10 is the limit that the latency alert asks for, and streams last minutes."""
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0)

_FAILED = "agent.failed"
_CALL_FAILED = "call.failed"
_MODEL = "model"
_NAMESPACE = "namespace"


def _span(name: str) -> str:
    return f'span.attributes["{name}"]'


def _resource(name: str) -> str:
    return f'resource.attributes["{name}"]'


FROM_AGENT = f"{_resource(AGENT_ATTRIBUTE)} != nil"
ERROR = "span.status.code == STATUS_CODE_ERROR"
REQUEST = (
    f"{FROM_AGENT} and span.kind == SPAN_KIND_SERVER and "
    # The second name is the convention's older one, which Python's instrumentation still writes by default.
    f'({_span("http.request.method")} == "POST" or {_span("http.method")} == "POST")'
)
FAILED_RUN = (
    f'{FROM_AGENT} and span.kind != SPAN_KIND_SERVER and {_span("gen_ai.operation.name")} == "invoke_agent" '
    f"and {ERROR}"
)
CALL = (
    f"{_span('gen_ai.request.model')} != nil and (span.kind == SPAN_KIND_CLIENT or "
    f'({_resource("telemetry.sdk.language")} == "go" and '
    f'{_span("gen_ai.operation.name")} == "generate_content"))'
)


def measured(models: Sequence[str]) -> dict[str, Any]:
    """Writes the labels over whatever a span says of itself, and what its counters go up by."""
    return {
        # A span that cannot be measured is still a span for others.
        "error_mode": "ignore",
        "trace_statements": [
            {
                "context": "span",
                "statements": [
                    *(
                        f'delete_key(span.attributes, "{name}")'
                        for name in (AGENT_ATTRIBUTE, _NAMESPACE, _MODEL, _FAILED, _CALL_FAILED)
                    ),
                    f"set({_span(AGENT_ATTRIBUTE)}, {_resource(AGENT_ATTRIBUTE)}) where {FROM_AGENT}",
                    f"set({_span(_NAMESPACE)}, {_resource(NAMESPACE_ATTRIBUTE)}) "
                    f"where {_resource(NAMESPACE_ATTRIBUTE)} != nil",
                    # Zero too: a counter that begins with its first error hides that error from `rate`.
                    f"set({_span(_FAILED)}, 0) where {REQUEST}",
                    f"set({_span(_FAILED)}, 1) where ({REQUEST}) and {ERROR}",
                    f"set({_span(_FAILED)}, 1) where {FAILED_RUN}",
                    f'set({_span(_MODEL)}, "{OTHER_MODEL}") where {CALL}',
                    *_known(models),
                    f"set({_span(_CALL_FAILED)}, 0) where {CALL}",
                    f"set({_span(_CALL_FAILED)}, 1) where ({CALL}) and {ERROR}",
                    *(
                        f"set({_span(now)}, {_span(before)}) where {_span(now)} == nil and {_span(before)} != nil"
                        for now, before in (
                            ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
                            ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
                        )
                    ),
                ],
            }
        ],
    }


def _known(models: Sequence[str]) -> list[str]:
    """The model that answered where it is a known one, else the one that was asked for."""
    if not models:
        return []
    listed = ", ".join(f'"{model}"' for model in models)
    return [
        f"set({_span(_MODEL)}, {_span(source)}) "
        f"where {_span(_MODEL)} != nil and {_span(source)} != nil and ContainsValue([{listed}], {_span(source)})"
        for source in ("gen_ai.request.model", "gen_ai.response.model")
    ]


def counted() -> dict[str, Any]:
    """The connector: spans in, what happened since the last batch out."""
    agent = _labels(AGENT_ATTRIBUTE)
    call = _labels(_MODEL, optional=AGENT_ATTRIBUTE)
    took = "Seconds(span.end_time - span.start_time)"
    called = f"{_span(_MODEL)} != nil"
    return {
        "error_mode": "ignore",
        "spans": [
            _sum("agent.requests", "Requests that an agent took.", REQUEST, agent, "Int(AdjustedCount())"),
            _sum(
                "agent.request.errors",
                "Requests to an agent that failed, or its runs behind them.",
                f"{_span(_FAILED)} != nil",
                agent,
                f"Int({_span(_FAILED)})",
            ),
            _histogram(
                "agent.request.duration",
                "Until the last event of the answer.",
                REQUEST,
                agent,
                took,
                REQUEST_BUCKETS,
            ),
            *(
                _sum(
                    f"gen_ai.{direction}.tokens",
                    f"Tokens of calls of models, {direction}.",
                    f"{called} and {_span(f'gen_ai.usage.{direction}_tokens')} != nil",
                    call,
                    f"Int({_span(f'gen_ai.usage.{direction}_tokens')})",
                )
                for direction in ("input", "output")
            ),
            _sum(
                "gen_ai.call.errors",
                "Calls of models that failed.",
                f"{_span(_CALL_FAILED)} != nil",
                call,
                f"Int({_span(_CALL_FAILED)})",
            ),
            _histogram(
                "gen_ai.call.duration",
                "Of a call of a model, by its caller's clock.",
                called,
                call,
                took,
                CALL_BUCKETS,
            ),
        ],
    }


def _labels(required: str, *, optional: str | None = None) -> list[dict[str, str]]:
    return [
        {"key": TENANT_ATTRIBUTE},
        {"key": _NAMESPACE, "default_value": "unknown"},
        {"key": required},
        *([{"key": optional, "default_value": NO_AGENT}] if optional else []),
    ]


def _metric(
    name: str, description: str, unit: str, condition: str, labels: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        **({"unit": unit} if unit else {}),
        "conditions": [condition],
        "attributes": labels,
        # Without it every attribute of the sender's resource, its pod's id among them, would tell series apart.
        "include_resource_attributes": [{"key": "k8s.cluster.name"}],
    }


def _sum(
    name: str, description: str, condition: str, labels: list[dict[str, str]], value: str
) -> dict[str, Any]:
    return {
        **_metric(name, description, "", condition, labels),
        "sum": {"value": value, "monotonic": True},
    }


def _histogram(
    name: str,
    description: str,
    condition: str,
    labels: list[dict[str, str]],
    value: str,
    buckets: Sequence[float],
) -> dict[str, Any]:
    return {
        **_metric(name, description, "s", condition, labels),
        "histogram": {"buckets": list(buckets), "value": value, "count": "Int(AdjustedCount())"},
    }


def cumulative() -> dict[str, Any]:
    """Adds the batches up: Prometheus knows no other counters."""
    return {"max_stale": FORGET_AFTER, "max_streams": MAX_STREAMS}


def exposed() -> dict[str, Any]:
    """A page to be scraped, with every counter on it whether or not it went up.

    Written to Prometheus instead, a series would have a sample only where a span arrived, and `increase` over an
    hour with one request in it would be nothing.
    """
    return {
        "endpoint": f"${{env:MY_POD_IP}}:{PORT}",
        "metric_expiration": FORGET_AFTER,
        # Units and `_total` as part of the name, the scope not as labels.
        "translation_strategy": "UnderscoreEscapingWithSuffixes",
        "without_scope_info": True,
    }


def scraped() -> dict[str, Any]:
    """The endpoint of a ServiceMonitor: the labels of these series are those of the callers."""
    return {"port": PORT_NAME, "honorLabels": True, "interval": "15s"}
