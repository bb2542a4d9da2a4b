"""What both collectors have in common."""

from __future__ import annotations

from typing import Any

METRICS_PORT = 8888

EXTENSIONS: dict[str, Any] = {"health_check": {"endpoint": "${env:MY_POD_IP}:13133"}}
"""The chart's probes ask it."""

MEMORY_LIMITER: dict[str, Any] = {
    "check_interval": "1s",
    # Of the container's limit. Refusing is better than being killed: senders try again.
    "limit_percentage": 80,
    "spike_limit_percentage": 25,
}


def telemetry() -> dict[str, Any]:
    """The collector's own logs as JSON, and its own metrics where Prometheus asks for them."""
    pull = {"host": "${env:MY_POD_IP}", "port": METRICS_PORT}
    return {
        "logs": {"encoding": "json"},
        "metrics": {"readers": [{"pull": {"exporter": {"prometheus": pull}}}]},
    }
