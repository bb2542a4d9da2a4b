"""The gateway's configuration: what arrives from whom, and where each kind of telemetry goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.core.aws import Place
from components.otel import requests
from components.otel.attribution import (
    BY_CONNECTION,
    DROP_CLAIMS,
    TENANT,
    by_connection,
    drop_claims,
    tenant,
)
from components.otel.base import EXTENSIONS, MEMORY_LIMITER, telemetry
from components.otel.names import AGENTS_PORT, GRPC_PORT, HTTP_PORT, TENANT_ATTRIBUTE, log_group
from components.otel.redaction import REDACTION, redaction
from components.otel.spec import OtelSpec

LANGFUSE = "otlp_http/langfuse"
XRAY = "awsxray"
CLOUDWATCH = "awscloudwatchlogs"
JOINED = "forward/traces"
PLACE = "resource/place"

LLM_SPAN = " or ".join(
    f'attributes["{attribute}"] != nil'
    for attribute in (
        "gen_ai.operation.name",
        "gen_ai.system",
        "gen_ai.provider.name",
        "llm.request.type",
        "openinference.span.kind",
        "langfuse.observation.type",
    )
)
"""What one of the conventions for LLM spans writes on every such span."""


@dataclass(frozen=True, kw_only=True)
class Sinks:
    """What is there to take telemetry besides AWS."""

    langfuse: str | None
    """Its OTLP base address; None where it is not installed: then all spans go to X-Ray."""
    prometheus: Sequence[str] = ()
    """Host and port of every Prometheus; none: metrics are refused, and nobody waits for them."""
    models: Sequence[str] = ()
    """The models that series tell apart; calls of any other are counted together."""


def gateway(place: Place, spec: OtelSpec, sinks: Sinks) -> dict[str, Any]:
    """A configuration in which no client chooses its tenant and no prompt leaves unless it may."""
    writers = [f"prometheusremotewrite/{index}" for index, _ in enumerate(sinks.prometheus)]
    redacting = [REDACTION] if spec.redact_prompts else []
    return {
        "extensions": EXTENSIONS,
        "receivers": {"otlp": _otlp(GRPC_PORT, HTTP_PORT), "otlp/agents": _otlp(AGENTS_PORT)},
        "processors": {
            "memory_limiter": MEMORY_LIMITER,
            DROP_CLAIMS: drop_claims(),
            BY_CONNECTION: by_connection(own_node=False),
            TENANT: tenant(),
            PLACE: _place(place),
            **({REDACTION: redaction()} if spec.redact_prompts else {}),
            **(_filters() if sinks.langfuse else {}),
            **(_measuring(sinks) if writers else {}),
            "batch": {"send_batch_max_size": 8192},
        },
        "connectors": {JOINED: {}, **({requests.CONNECTOR: requests.counted()} if writers else {})},
        "exporters": {
            **({LANGFUSE: _langfuse(sinks.langfuse)} if sinks.langfuse else {}),
            XRAY: {"region": place.region, "indexed_attributes": [TENANT_ATTRIBUTE]},
            CLOUDWATCH: {
                "region": place.region,
                "log_group_name": log_group(place),
                # One stream for each gateway pod: writers of one stream would slow each other down.
                "log_stream_name": "${env:OTEL_K8S_POD_NAME}",
            },
            **{
                name: {"endpoint": f"http://{host}/api/v1/write"}
                for name, host in zip(writers, sinks.prometheus, strict=True)
            },
            **({requests.EXPORTER: requests.exposed()} if writers else {}),
        },
        "service": {
            "extensions": list(EXTENSIONS),
            "telemetry": telemetry(),
            "pipelines": {
                **_from_both("traces", [], [JOINED], batched=False),
                **_spans(redacting, langfuse=sinks.langfuse is not None),
                **_from_both("logs", redacting, [CLOUDWATCH]),
                **(_from_both("metrics", [], writers) if writers else {}),
                **(_requests() if writers else {}),
            },
        },
    }


def _place(place: Place) -> dict[str, Any]:
    """Which cluster it was, for whoever reads the telemetry of several."""
    return {
        "attributes": [
            {"key": "cloud.region", "value": place.region, "action": "upsert"},
            {"key": "k8s.cluster.name", "value": place.cluster_name, "action": "upsert"},
        ]
    }


def _otlp(grpc: int, http: int | None = None) -> dict[str, Any]:
    protocols = {"grpc": {"endpoint": f"${{env:MY_POD_IP}}:{grpc}"}}
    if http is not None:
        protocols["http"] = {"endpoint": f"${{env:MY_POD_IP}}:{http}"}
    return {"protocols": protocols}


def _from_both(signal: str, then: list[str], exporters: list[str], *, batched: bool = True) -> dict[str, Any]:
    """A pipeline for clients, who are not believed, and one for agents, who have looked it up already."""
    last = [*then, *(["batch"] if batched else [])]
    return {
        f"{signal}/clients": {
            "receivers": ["otlp"],
            "processors": ["memory_limiter", DROP_CLAIMS, BY_CONNECTION, TENANT, PLACE, *last],
            "exporters": exporters,
        },
        f"{signal}/agents": {
            "receivers": ["otlp/agents"],
            "processors": ["memory_limiter", TENANT, PLACE, *last],
            "exporters": exporters,
        },
    }


def _spans(redacting: list[str], *, langfuse: bool) -> dict[str, Any]:
    other = {
        "receivers": [JOINED],
        "processors": [*(["filter/other"] if langfuse else []), *redacting, "batch"],
        "exporters": [XRAY],
    }
    if not langfuse:
        return {"traces/other": other}
    llm = {
        "receivers": [JOINED],
        "processors": ["filter/llm", *redacting, "batch"],
        "exporters": [LANGFUSE],
    }
    return {"traces/llm": llm, "traces/other": other}


def _measuring(sinks: Sinks) -> dict[str, Any]:
    return {
        requests.MEASURED: requests.measured(sinks.models),
        requests.CUMULATIVE: requests.cumulative(),
    }


def _requests() -> dict[str, Any]:
    """Every span is looked at, before filters divide them: a request's may go to X-Ray, its calls' to Langfuse."""
    return {
        "traces/requests": {
            "receivers": [JOINED],
            "processors": [requests.MEASURED],
            "exporters": [requests.CONNECTOR],
        },
        "metrics/requests": {
            "receivers": [requests.CONNECTOR],
            "processors": [requests.CUMULATIVE],
            "exporters": [requests.EXPORTER],
        },
    }


def _filters() -> dict[str, Any]:
    """A filter drops what matches: each pipeline keeps its own spans, and no span is in both."""
    return {
        "filter/llm": {"error_mode": "ignore", "traces": {"span": [f"not ({LLM_SPAN})"]}},
        "filter/other": {"error_mode": "ignore", "traces": {"span": [LLM_SPAN]}},
    }


def _langfuse(endpoint: str) -> dict[str, Any]:
    return {
        "endpoint": endpoint,
        "headers": {
            "Authorization": "Basic ${env:LANGFUSE_BASIC}",
            # Without it version 4 takes about ten minutes to show a trace; it refuses higher numbers.
            "x-langfuse-ingestion-version": "4",
        },
    }
